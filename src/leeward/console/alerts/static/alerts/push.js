// Asks the browser to show alerts and fills the form with what it says.
(() => {
  "use strict";
  const form = document.getElementById("push");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const button = form.querySelector("button");
  button.hidden = false;
  document.getElementById("no-push").hidden = true;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  form.addEventListener("submit", async (event) => {
    if (form.elements.endpoint.value) return;
    event.preventDefault();
    try {
      const registration = await navigator.serviceWorker.register(form.dataset.worker);
      await navigator.serviceWorker.ready;
      const told = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) });
      form.elements.endpoint.value = told.endpoint;
      form.elements.key.value = text(told.getKey("p256dh"));
      form.elements.secret.value = text(told.getKey("auth"));
    } catch (fault) {
      document.getElementById("push-fault").hidden = false;
      return;
    }
    form.submit();
  });
})();
