/* What is wrong with the page as it stands in the browser: one list of words, empty when all is well. */
(forbidden) => {
  const found = [];
  const main = document.querySelector("main");
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
  const seen = (box) => box.checkVisibility({ visibilityProperty: true }) && !box.closest(".visually-hidden");

  const words = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const box = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text && !["SCRIPT", "STYLE", "CODE", "PRE"].includes(box.tagName) && !box.closest("[lang]:not(html), .data")) {
      words.add(text);
    }
  }
  const notThere = new Set(forbidden);
  // "3 hour" is as untranslated as "hour".
  const translated = (text) => !notThere.has(text) && !notThere.has(text.replace(/^[\d.,¥%\s/]+/, ""));
  document.querySelectorAll("[aria-label], [title], [placeholder]").forEach((box) => {
    ["aria-label", "title", "placeholder"].forEach((name) => {
      const text = (box.getAttribute(name) ?? "").trim();
      if (text && !box.closest("[lang]:not(html), .data") && !translated(text)) found.push(`not translated: ${text}`);
    });
  });
  words.forEach((text) => {
    if (!translated(text)) found.push(`not translated: ${text}`);
    if (/^[a-z]+(?:[._][a-z]+)+$/.test(text)) found.push(`raw key: ${text}`);
    if (/%\(\w+\)s|\b(?:None|undefined|NaN)\b|\[object /.test(text)) found.push(`raw value: ${short(text)}`);
    if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:/.test(text)) found.push(`raw instant: ${text}`);
  });

  if (document.querySelectorAll("h1").length !== 1) found.push("has not exactly one h1");
  if (!main || !main.innerText.trim()) found.push("has nothing in main");
  document.querySelectorAll("main table").forEach((table) => {
    if (seen(table) && !table.querySelector("tbody tr")) found.push(`empty table: ${short(table.caption?.innerText ?? "")}`);
  });
  document.querySelectorAll("[data-chart]").forEach((place) => {
    if (seen(place) && !place.querySelector("canvas") && !place.matches(".chart-empty")) found.push(`chart not drawn: ${place.id}`);
  });
  document.querySelectorAll("img").forEach((image) => {
    if (image.complete && !image.naturalWidth) found.push(`picture missing: ${image.getAttribute("src")}`);
  });
  document.querySelectorAll("main a[href='#'], main a[href='']").forEach((link) => found.push(`leads nowhere: ${short(link.innerText)}`));

  document.querySelectorAll(".num, .amount, time, .badge, .btn").forEach((box) => {
    if (!seen(box) || box.matches("td, th")) return;
    const lines = new Set([...box.getClientRects()].map((line) => Math.round(line.top)));
    if (box.matches(".badge, .btn") ? box.clientHeight > 2.2 * parseFloat(getComputedStyle(box).lineHeight) : lines.size > 1) {
      found.push(`breaks over lines: ${short(box.innerText)}`);
    }
  });
  document.querySelectorAll("main .num, main .amount").forEach((box) => {
    if (!getComputedStyle(box).fontVariantNumeric.includes("tabular-nums")) found.push(`not tabular: ${short(box.innerText)}`);
  });
  document.querySelectorAll("main *").forEach((box) => {
    const style = getComputedStyle(box);
    if (style.display === "inline" || box.closest("svg, select, .visually-hidden, [data-chart], .ts-wrapper") || !seen(box)) return;
    if (box.scrollWidth > box.clientWidth + 2 && style.overflowX === "visible" && box.clientWidth) {
      found.push(`runs over its edge by ${box.scrollWidth - box.clientWidth} px: <${box.tagName.toLowerCase()} class="${box.className}"> ${short(box.innerText ?? "")}`);
    }
  });
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 1) found.push(`overflows sideways by ${over} px`);
  return [...new Set(found)];
}
