// Answers a pointer over the firms of the supply network. The picture is complete without it.
"use strict";
for (const source of document.querySelectorAll("script.points")) {
  const figure = source.closest("figure");
  const { frames, texts, links } = JSON.parse(source.textContent);
  const neighbours = texts.map(() => []);
  for (const [buyer, seller] of links) {
    neighbours[buyer].push(seller);
    neighbours[seller].push(buyer);
  }
  figure.classList.add("live");
  for (const [name, frame] of Object.entries(frames)) {
    const stage = figure.querySelector(name === "page" ? ".wide" : ".phone");
    if (stage) bind(stage, frame, texts, neighbours);
  }
}

function bind(stage, frame, texts, neighbours) {
  const [width, height] = frame.size;
  const overlay = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
  overlay.setAttribute("class", "overlay");
  overlay.setAttribute("aria-hidden", "true");
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  stage.append(overlay, tip);
  let shown = -1;

  const show = (place, scale) => {
    if (place === shown) return;
    shown = place;
    overlay.replaceChildren();
    tip.hidden = place < 0;
    if (place < 0) return;
    const [x, y, radius] = frame.at[place];
    for (const other of neighbours[place]) {
      const [ox, oy, size] = frame.at[other];
      draw("line", { x1: x, y1: y, x2: ox, y2: oy, "stroke-width": 1.2 });
      draw("circle", { cx: ox, cy: oy, r: size + 1.5, "stroke-width": 1.2 });
    }
    draw("circle", { cx: x, cy: y, r: radius + 2.5, "stroke-width": 2.5 });
    const [label, sector, sales, received] = texts[place];
    const head = document.createElement("b");
    head.textContent = label;
    tip.replaceChildren(head);
    for (const line of [sector, received, sales, count(neighbours[place].length)]) {
      if (line && line !== label) tip.append(line, document.createElement("br"));
    }
    const room = stage.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, x * scale + 14))}px`;
    tip.style.top = `${y * scale + 14}px`;
  };
  const count = (links) => (links === 1 ? "1 link shown" : `${links} links shown`);
  const draw = (shape, attributes) => {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", shape);
    for (const [key, value] of Object.entries({ fill: "none", stroke: "#9a3412", ...attributes })) {
      mark.setAttribute(key, value);
    }
    overlay.append(mark);
  };
  const nearest = (event) => {
    const box = stage.getBoundingClientRect();
    const scale = box.width / width;
    const x = (event.clientX - box.left) / scale;
    const y = (event.clientY - box.top) / scale;
    let best = -1;
    let least = 10;
    frame.at.forEach(([px, py, radius], place) => {
      const gap = Math.hypot(px - x, py - y) - radius;
      if (gap < least) [best, least] = [place, gap];
    });
    show(best, scale);
  };
  stage.addEventListener("pointermove", nearest);
  stage.addEventListener("pointerdown", nearest);
  stage.addEventListener("pointerleave", () => show(-1, 1));
}
