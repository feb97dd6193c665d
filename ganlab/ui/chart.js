// Draws a figure in place. The ranges of its axes are the figure's own until the reader changes
// them, and then the reader's, in every chart with the same `meta.link`.
const charts = (window.ganlabCharts ??= new Set());
const NARROW = 450; // pixels; beside the title, the legend has no room there for the marks
let revision = 0; // another one at each drawing: Plotly is to keep no range by itself

const library = () => window.Plotly
  ? Promise.resolve()
  : new Promise(done => {
      const poll = setInterval(() => { if (window.Plotly) { clearInterval(poll); done(); } }, 30);
    });

const axes = (layout, letter) =>
  Object.keys(layout).filter(key => key.startsWith(letter + "axis") && !layout[key].fixedrange);

// Matching axes have one range.
const own = (layout, axis) => layout[axis].matches ? axis[0] + "axis" : axis;

function colours(box, layout) {
  const style = getComputedStyle(box);
  const tone = name => style.getPropertyValue("--st-" + name).trim();
  const faint = tone("border-color");
  const result = { ...layout, autosize: true, height: box.clientHeight,
    paper_bgcolor: "transparent", plot_bgcolor: "transparent",
    font: { color: tone("text-color"), family: tone("font"), size: 12 } };
  for (const axis of Object.keys(layout).filter(key => /^[xy]axis/.test(key)))
    result[axis] = { gridcolor: faint, zerolinecolor: faint, ...layout[axis] };
  return result;
}

function ranges(box, layout) {
  const { x, y, all } = box.view;
  const everything = all ? layout.meta?.full : null;
  revision += 1;
  for (const axis of [...axes(layout, "x"), ...axes(layout, "y")]) {
    const name = own(layout, axis);
    const range = (axis[0] === "x" ? x : y?.[name]) ?? everything?.[name];
    Object.assign(layout[axis], { uirevision: revision });
    if (range) layout[axis].range = range;
    // The given ticks are those of the first range.
    if (range && layout[axis].tickvals)
      Object.assign(layout[axis], { tickvals: null, ticktext: null, nticks: 6 });
  }
  return layout;
}

function redraw(box) {
  // Nothing new, nobody looks, or the reader is just dragging a zoom box.
  const narrow = box.clientWidth < NARROW;
  const drawn = [box.text, getComputedStyle(box).color, JSON.stringify(box.view), narrow].join();
  if (drawn === box.drawn || !box.seen || box._dragging || !box.isConnected) return;
  box.drawn = drawn;
  const { data, layout } = box.fresh ?? JSON.parse(box.text); // Plotly writes into what it draws
  box.fresh = null;
  box.style.height = layout.height + "px";
  if (layout.meta?.summary) box.setAttribute("aria-label", layout.meta.summary);
  if (box.view.y || box.view.all)
    for (const trace of data) if (trace.meta === "outside") trace.visible = false;
  if (narrow) for (const trace of data) if (trace.meta === "mark") trace.showlegend = false;
  const first = !box.drawing;
  box.drawing = Plotly.react(box, data, ranges(box, colours(box, layout)),
    { displayModeBar: false, doubleClick: false });
  if (first) box.drawing.then(() => listen(box));
}

const linked = box => {
  for (const other of charts) if (!other.isConnected) charts.delete(other);
  return [...charts].filter(other => other === box || (box.link && other.link === box.link));
};

function zoomed(box, change) {
  const found = { x: {}, y: {} };
  for (const letter of ["x", "y"])
    for (const axis of axes(box.layout, letter)) {
      const ends = [change[axis + ".range[0]"], change[axis + ".range[1]"]];
      const range = change[axis + ".range"] ?? (ends.includes(undefined) ? null : ends);
      if (range) found[letter][own(box.layout, axis)] = [...range];
    }
  if (Object.keys(found.y).length) box.view = { ...box.view, y: { ...box.view.y, ...found.y } };
  const x = found.x.xaxis;
  for (const one of x ? linked(box) : [box]) {
    if (x) one.view = { ...one.view, x };
    redraw(one);
  }
}

// Back to the first ranges; from these, to everything there is.
function reset(box) {
  const { x, y, all } = box.view;
  for (const one of linked(box)) {
    one.view = x || y || all ? {} : { all: true };
    redraw(one);
  }
}

const subplots = box => Object.keys(box._fullLayout._plots)
  .filter(name => !box._fullLayout._plots[name].yaxis.fixedrange);

function point(box, x) {
  for (const other of linked(box))
    if (other.layout && other.seen && (other !== box || subplots(box).length > 1))
      if (x === null) Plotly.Fx.unhover(other);
      else Plotly.Fx.hover(other, { xval: x }, subplots(other));
}

function listen(box) {
  box.on("plotly_relayout", change => zoomed(box, change));
  box.on("plotly_doubleclick", () => reset(box));
  box.on("plotly_hover", event => box.link && point(box, event.xvals[0]));
  box.on("plotly_unhover", () => box.link && point(box, null));
}

function watch(box, parentElement) {
  if (box.watched) return;
  box.watched = true;
  new ResizeObserver(() => {
    if (box.drawn && box.isConnected) Promise.resolve(Plotly.Plots.resize(box)).then(() => redraw(box));
  }).observe(parentElement);
  new IntersectionObserver(entries => {
    box.seen = entries.at(-1).isIntersecting;
    redraw(box);
  }).observe(box);
}

// Another run, or another x axis, starts unzoomed; a chart that comes later joins the others.
function join(box) {
  const { uirevision, meta } = box.fresh.layout;
  const link = meta?.link ?? "";
  if (box.revision === uirevision && box.link === link) return;
  Object.assign(box, { revision: uirevision, link, view: {} });
  charts.add(box);
  const x = linked(box).find(other => other.view.x)?.view.x;
  if (x) box.view = { x };
}

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".ganlab-chart");
  box.text = new TextDecoder().decode(data);
  box.fresh = JSON.parse(box.text);
  join(box);
  library().then(() => {
    watch(box, parentElement);
    redraw(box);
  });
}
