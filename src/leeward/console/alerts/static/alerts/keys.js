// One key each: a acknowledge, c concern, n no concern, g grade, s second opinion, j next alert. Without it every button works.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!place) return;
    event.preventDefault();
    if (place.tagName === "DETAILS") {
      place.open = true;
      const field = place.querySelector("select, textarea, input:not([type=hidden])");
      if (field) field.focus();
    } else {
      place.click();
    }
  });
})();
