/* Call metadata at rest: the numbers and names of callers and callees and what they said, sealed with their tenant's
 * key.
 *
 *   sealed1|<kind><base64url of: nonce 12 | ciphertext | tag 16>
 *
 *   kind    what                                       nonce
 *   n       a number, or another address of a party    HMAC-SHA-256(blind key, kind and text), its first 12 bytes
 *   p       a name, a topic: short, looked up whole    the same
 *   t       what was said or written, a webhook's body random
 *
 * Both keys are HMACs of the tenant's data key (tenant_keys). The nonce of n and p is a keyed blind index: equal texts
 * of a tenant make equal tokens, so that SQL compares, groups, joins and finds them (veil_token()) without knowing
 * them.
 *
 * Whoever reads the database, a dump or a disk without the master keys learns no number, name or sentence. He sees:
 * that two calls or a contact have the same party; lengths, of numbers and names to 16 bytes; times, durations, states,
 * recordings' audio, sentiment, languages, countries
 * and places of numbers, what people note on calls; and what the tenant has set: its own numbers, its people's and
 * clients' phones, names of users, clients and campaigns. A token is bound to tenant and kind, not to its row: who can
 * write to the database can put one in another's place, and cannot make one. Deleting the row of tenant_keys makes all
 * of it noise, in backups as well; a newer master key changes no token. What stood in the clear before stays in older
 * backups and WAL, and in dead rows until VACUUM. */
#ifndef VEIL_H
#define VEIL_H
#include "db.h"
#include "digest.h"
#include "seal_box.h"

enum veil_kind { VEIL_NUMBER = 'n', VEIL_NAME = 'p', VEIL_TEXT = 't' };

#define VEIL_LOST "[sealed]" /* shown for what does not open, and stored where nothing can be sealed */

/* How a tenant's metadata are sealed. ctx.veil is NULL for a tenant that has none sealed. */
struct veil {
    const char   *tenant;
    bool          on;    /* what is written is sealed; else only what is there is opened */
    bool          ready; /* the keys are here */
    unsigned char seal[SEAL_KEY], blind[SEAL_KEY];
};

/** Makes a veil from a tenant's data key; not ready if there is none, or it does not open, which is
 * logged. */
void veil_make(struct ctx *, const struct seal_keys *, const struct seal_data *, bool on, struct veil *out);

/** Is it a token, whoever's? */
bool veil_is(const char *text);

/** The token of a text, whether the veil is on or not: what to compare a column with. NULL: no veil, not
 * ready, or no text. */
const char *veil_token(struct ctx *, const struct veil *, enum veil_kind, const char *text);

/** A text as it shall be stored: itself where the veil is NULL or off, and where it is NULL or empty; VEIL_LOST where
 * the veil is on and not ready. */
const char *veil_seal(struct ctx *, const struct veil *, enum veil_kind, const char *text);

/** What a stored text means: itself, if it is no token. NULL: a token that does not open with this veil. */
const char *veil_open(struct ctx *, const struct veil *, const char *text);

/** May this unit of work write? Makes the tenant's key where cx->veil is on and there is none. NOT_CONFIGURED: it does
 * not open. */
enum err veil_ready(struct ctx *) MUST_CHECK;

/** Bytes that were not text, such as a webhook's body: "sealed=" and a token, which still is a form; and back. What is
 * not to be sealed, or does not open, comes back as it is. */
struct db_bytes veil_bytes(struct ctx *, const struct veil *, struct db_bytes);
struct db_bytes veil_bytes_open(struct ctx *, const struct veil *, struct db_bytes);

/** Digests of what holds a number could be guessed; keyed, they cannot. Replaces n (at most 32) bytes by the first n of
 * their HMAC, where the veil is on. */
void veil_mark(const struct veil *, void *digest, size_t n);

/** The digest of a request as it is kept, and as it was or will be kept when the option was or is the other way: equal
 * requests are one, also across the switch. *other is nothing without a veil. In the arena. */
void veil_digests(struct ctx *, const unsigned char digest[DIGEST_SHA256], struct db_bytes *kept,
                  struct db_bytes *other);

/** A JSON document with all its tokens opened; the document itself if it has none. What does not open becomes
 * VEIL_LOST, and null in members that hold nothing but a number (phone_number, customer_number). veil may be NULL. */
const char *veil_json_open(struct ctx *, const struct veil *, const char *json);

/** A JSON document with its texts sealed, names of members and the values of speaker and owner excepted; itself where
 * the veil is NULL or off, or nothing is left to seal. MALFORMED: no JSON. */
enum err veil_json_seal(struct ctx *, const struct veil *, enum veil_kind, const char *json,
                        const char **out) MUST_CHECK;

/** Sets cx->veil for cx->tenant, by its settings. A round trip. */
enum err veil_load(struct ctx *) MUST_CHECK;

struct sql_veil_load;

/** The same from a row that has been read. */
void veil_take(struct ctx *, const struct sql_veil_load *);

#endif
