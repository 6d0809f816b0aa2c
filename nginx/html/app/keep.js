// What this browser remembers: nothing where it may keep nothing, as in a frame of another site.
const box = (name) => {
  try {
    return globalThis[name];
  } catch {
    return null;
  }
};
const [lasting, ofTab] = [box('localStorage'), box('sessionStorage')];
const put = (store, name, value) => {
  if (value === null) store?.removeItem(name);
  else store?.setItem(name, value);
};

export const kept = (name) => lasting?.getItem(name) ?? null;
export const keep = (name, value) => put(lasting, name, value);
export const keptInTab = (name) => ofTab?.getItem(name) ?? null;
export const keepInTab = (name, value) => put(ofTab, name, value);
export const forgetTab = () => ofTab?.clear();
