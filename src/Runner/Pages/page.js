"use strict";
const number = value => value === null || value === undefined ? "?" : value.toLocaleString("en-US");
const size = bytes => { for (const unit of ["B", "kB", "MB", "GB"]) { if (bytes < 1000) return `${bytes.toFixed(unit === "B" ? 0 : 1)} ${unit}`; bytes /= 1000; } return `${bytes.toFixed(1)} TB`; };

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Rows are lists of texts; a wide table scrolls by itself, by keyboard too.
function table(caption, head, rows, classOf = () => "") {
  const titles = make("tr", {}, ...head.map((t, i) => make("th", { scope: "col", textContent: t, className: classOf(i, null) })));
  const body = rows.map(row => make("tr", {}, ...row.map((t, i) => make("td", { textContent: t, className: classOf(i, row) }))));
  const scroll = make("div", { className: "rows", tabIndex: 0 }, make("table", {}, make("caption", { textContent: caption }), make("thead", {}, titles), make("tbody", {}, ...body)));
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", caption);
  return scroll;
}
