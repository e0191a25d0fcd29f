// Shows an alert as a notification and opens it when it is chosen. It names nobody.
self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification(told.title || "Leeward", { tag: told.link, data: told.link, requireInteraction: true }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  if (event.notification.data) event.waitUntil(self.clients.openWindow(event.notification.data));
});
