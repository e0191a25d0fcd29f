// Asks the browser for a passkey and sends its answer with the form that holds the button.
document.querySelectorAll("form[data-passkey]").forEach((form) => {
  const problem = form.querySelector("[data-problem]");
  form.addEventListener("submit", async (event) => {
    const answer = form.elements.answer;
    if (answer.value) return;
    event.preventDefault();
    problem.hidden = true;
    const options = JSON.parse(document.getElementById("passkey-options").textContent);
    try {
      const found = form.dataset.passkey === "new"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      answer.value = JSON.stringify(found.toJSON());
      form.requestSubmit();
    } catch (error) {
      problem.hidden = false;
    }
  });
});
