// Quick exit: three times Escape, or the button. This page is taken out of the history; the next one says nothing.
(() => {
  "use strict";
  const link = document.getElementById("exit");
  if (!link) return;
  const go = () => { document.body.hidden = true; window.open(link.href, "_blank", "noopener"); location.replace(link.href); };
  link.addEventListener("click", (event) => { event.preventDefault(); go(); });
  let times = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { times = []; return; }
    times = [...times, Date.now()].slice(-3);
    if (times.length === 3 && times[2] - times[0] < 2000) go();
  });
})();
