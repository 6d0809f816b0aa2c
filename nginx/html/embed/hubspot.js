// A phone for HubSpot: Switchhook.hubspot(phone, CallingExtensions) joins Switchhook.phone() to HubSpot's own class of
// calling extensions, whose methods and handlers are used by their names.
// https://developers.hubspot.com/docs/guides/apps/extensions/calling-extensions/overview
(() => {
  function hubspot(phone, Extensions, { width = 400, height = 666 } = {}) {
    let number = null;
    let engagement = null;
    const calls = new Map(); // ours -> what HubSpot was told
    const at = (c) => c.id ?? c.call_sid;
    const extensions = new Extensions({
      debugMode: false,
      eventHandlers: {
        onReady: () =>
          phone.ready.then(
            () => {
              extensions.initialized({ isLoggedIn: true, isAvailable: true, sizeInfo: { width, height } });
              extensions.userLoggedIn?.();
            },
            (e) => {
              extensions.initialized({ isLoggedIn: false, isAvailable: false, sizeInfo: { width, height } });
              extensions.sendError({ type: e.code, message: e.message });
            },
          ),
        onDialNumber: ({ phoneNumber, objectId }) => {
          number = phoneNumber;
          phone.dial(phoneNumber, { recordId: objectId }).catch((e) => {
            extensions.sendError({ type: e.code, message: e.message });
            extensions.outgoingCallFailed?.({ phoneNumber });
          });
        },
        onCreateEngagementSucceeded: ({ engagementId }) => (engagement = engagementId),
        onEndCall: () => phone.hangup().catch(() => {}),
        onSetStatus: ({ status }) => phone.setStatus(status),
      },
    });
    phone.on('call.ringing', (c) => {
      const externalCallId = at(c);
      const told = { externalCallId, callStartTime: Date.now(), createEngagement: true };
      calls.set(externalCallId, told);
      if (c.direction === 'inbound')
        extensions.incomingCall({ ...told, fromNumber: c.from_number, toNumber: c.to_number });
      else extensions.outgoingCall({ ...told, toNumber: number ?? c.to_number, fromNumber: c.from_number });
    });
    phone.on('call.answered', (c) => extensions.callAnswered({ externalCallId: at(c) }));
    phone.on('call.ended', (c) => {
      const status = c.answered_at ? 'COMPLETED' : c.direction === 'inbound' ? 'MISSED' : 'NO_ANSWER';
      extensions.callEnded({ externalCallId: at(c), callEndStatus: status });
    });
    phone.on('call.logged', (c) => {
      const about = { hs_call_disposition: c.disposition ?? undefined, hs_call_body: c.notes ?? undefined };
      extensions.callCompleted({
        externalCallId: at(c),
        engagementId: engagement ?? undefined,
        hideWidget: false,
        engagementProperties: about,
      });
      calls.delete(at(c));
      engagement = null;
    });
    phone.on('agent.status', ({ presence }) =>
      ['available', 'auto'].includes(presence) ? extensions.userAvailable?.() : extensions.userUnavailable?.(),
    );
    return extensions;
  }
  globalThis.Switchhook = { ...globalThis.Switchhook, hubspot };
})();
