// The focus stays with a control that is built anew. Streamlit does so when its key changes, and
// lets the focus fall to nowhere. A key is the control's name, and after two dashes what tells it
// from its forerunners; a control without a successor, or one that can no longer be used, leaves
// the focus to the part it was in.
// A popover that a key has opened gets the focus, and gives it back to its button.
(() => {
  if (window.ganlabFocus) return;
  window.ganlabFocus = true;
  const PATIENCE = 2000; // milliseconds until nothing more is expected in its place
  const FURNISHED = 300; // milliseconds until a popover's parts are there
  const POPOVER = '[data-testid="stPopoverBody"]';
  const CONTROLS = "a[href], button, input, select, summary, textarea";
  let last = null; // the focused control: itself, its parts' keys, its place in the nearest
  let since = 0; // when it was missed
  let opener = null; // the button of the popover that stands open
  let entering = 0; // when a popover opened that has still to get the focus
  let keyboard = false; // the last act was by key
  let pressed = false; // a key that is held down must not act on the next control too

  const free = element => element && !element.disabled && element.getClientRects().length > 0;
  const controls = part => [...part.querySelectorAll(CONTROLS)].filter(
    control => control.getClientRects().length > 0);
  const keyed = element => element.closest('[class*="st-key-"]');
  const key = part => part.className.match(/st-key-\S+/)[0];
  const name = part => key(part).split("--")[0];

  function remember(element) {
    const parts = [];
    for (let part = keyed(element); part; part = keyed(part.parentElement)) parts.push(part);
    const place = parts.length ? controls(parts[0]).indexOf(element) : 0;
    const from = element.closest(POPOVER) ? opener : null;
    last = { element, from, keys: parts.map(key), name: parts.length ? name(parts[0]) : "", place };
    since = 0;
  }

  function successor() {
    if (free(last.element)) return last.element;
    const [own] = last.keys;
    const parts = own ? [...document.querySelectorAll(`[class*="${last.name}"]`)] : [];
    const same = parts.filter(part => keyed(part) === part && name(part) === last.name);
    for (const part of [...same.filter(part => key(part) === own), ...same]) {
      const control = controls(part)[last.place];
      if (free(control)) return control;
    }
    return null;
  }

  function part() {
    const found = last.keys.slice(1).map(own => document.querySelector("." + own));
    return found.find(free) ?? document.querySelector('[data-testid="stMain"]');
  }

  function enter() {
    const popover = document.querySelector(POPOVER);
    const [first] = popover ? controls(popover) : [];
    if (!popover) {
      opener = null;
      entering = 0;
    } else if (first && !opener && last) {
      opener = last.element;
      entering = keyboard ? Date.now() : 0;
    }
    if (!entering || !first) return;
    if (Date.now() - entering > FURNISHED) first.focus();
    if (document.activeElement === first) entering = 0;
    else setTimeout(look, 50);
  }

  function look() {
    enter();
    if (!last || pressed) return;
    const { element } = last;
    if (!since && element.isConnected && !element.disabled) return;
    if (![element, document.body].includes(document.activeElement)) return (last = null);
    since ||= Date.now();
    const late = Date.now() - since > PATIENCE;
    const back = last.from?.isConnected && !document.querySelector(POPOVER) ? last.from : null;
    const next = back ?? successor() ?? (late ? part() : null);
    if (next) {
      since = 0;
      if (!next.matches(CONTROLS) && !next.hasAttribute("tabindex")) next.tabIndex = -1;
      next.focus({ preventScroll: true });
    } else if (late) last = null;
    else setTimeout(look, 100);
  }

  if (document.activeElement?.matches(":focus-visible")) { // reached by key before this ran
    keyboard = true;
    remember(document.activeElement);
  }
  addEventListener("focusin", event => { // an open menu feigns one on each of its options
    if (event.target === document.activeElement) remember(event.target);
  });
  addEventListener("pointerdown", () => {
    last = null;
    entering = 0;
    keyboard = false;
  }, true);
  addEventListener("keydown", event => {
    keyboard = true;
    pressed = event.key === "Enter" || event.key === " ";
  }, true);
  addEventListener("keyup", () => { pressed = false; look(); }, true);
  addEventListener("blur", () => { pressed = false; });
  look();
  new MutationObserver(look).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
})();
