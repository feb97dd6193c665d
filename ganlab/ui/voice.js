// What a screen reader hears: names without icons, and what the pages say aloud.
// Streamlit names each icon after its file, and a widget by its label as it was written: a reader
// would hear "bolt icon" in the one and ":material/bolt:" as the other.
(() => {
  if (window.ganlabVoice) return;
  window.ganlabVoice = true;
  const ICONS = '[role="img"][aria-label$=" icon"]:not([aria-hidden])';
  const SHORTCODE = /\s*:material\/\w+:/g;
  const region = document.createElement("div");
  region.className = "ganlab-voice";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  let due = false;
  let said = "";

  function rename() {
    for (const icon of document.querySelectorAll(ICONS)) icon.setAttribute("aria-hidden", "true");
    for (const named of document.querySelectorAll('[aria-label*=":material/"]')) {
      const name = named.getAttribute("aria-label");
      const plain = name.replace(SHORTCODE, "").trim();
      if (plain !== name) named.setAttribute("aria-label", plain); // else it would never end
    }
  }

  function announce() {
    due = false;
    const text = [...document.querySelectorAll(".announce")].map(e => e.textContent).join(" ");
    if (text !== said) region.textContent = said = text;
  }

  function look() {
    rename(); // at once, before the focus falls on it
    if (!due) setTimeout(announce, 50);
    due = true;
  }

  new MutationObserver(look).observe(document.body, { childList: true, subtree: true,
    characterData: true, attributes: true, attributeFilter: ["aria-label"] });
  look();
})();
