// Follows a private link, /resume#SECRET: takes the secret out of the address and its history before anything else on
// the page runs, and has the server's route set the cookie. A fragment is sent to no server and stands in no log.
(() => {
  if (!/\/resume$/.test(location.pathname)) return;
  const secret = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
  const base = new URL(".", location.href);
  const go = (/** @type {string} */ to) => location.replace(new URL(to, base));
  fetch(new URL("session", base), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ resume: secret }),
  })
    .then((answer) => answer.json())
    .then(({ done, away }) => go(done ? "progress" : away ? "join?link=away" : "join?link=unknown"))
    .catch(() => go("join?link=away"));
})();
