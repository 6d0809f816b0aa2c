// The text that sqlgen made of lib/sql/NAME.sql, out of the sql.c of a build.
export function generated(all, name) {
  const body = new RegExp(
    `const struct db_stmt sql_${name}_stmt = \\{[^]*?\\.text =\\s*((?:\\s*"(?:\\\\.|[^"\\\\])*"\\n?)+)`,
  ).exec(all)?.[1];
  if (!body) throw new Error(`${name} is not in the build's sql.c: build again`);
  return [...body.matchAll(/"((?:\\.|[^"\\])*)"/g)]
    .map((m) => JSON.parse(`"${m[1].replaceAll("\\'", "'")}"`))
    .join('');
}
