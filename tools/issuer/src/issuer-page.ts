import type { ReadyPerson } from './people.js';

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);

/** A page of ready people with a token each; a click into one selects it. */
export function issuerPage(url: string, people: readonly (ReadyPerson & { readonly token: string })[]): string {
  const rows = people.map(
    ({ what, sub, teams, roles, token }) => `
      <tr>
        <td>${escaped(what)}</td>
        <td><code>${escaped(sub)}</code></td>
        <td>${escaped(roles.join(', '))}</td>
        <td>${escaped(teams.join(', ')) || 'none'}</td>
        <td><code class="token">${escaped(token)}</code></td>
      </tr>`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Tokens for development</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; max-width: 70rem }
      td, th { text-align: left; vertical-align: top; padding: 0.4rem 0.8rem 0.4rem 0 }
      .token { display: block; width: 24rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; user-select: all }
    </style>
  </head>
  <body>
    <h1>Tokens for development</h1>
    <p>Click into a token to select all of it, copy it, and give it to Authorize in the Swagger UI of a service, or to curl as
      <code>-H 'authorization: Bearer TOKEN'</code>. This page gives a token to anybody: it is there in development alone.</p>
    <table>
      <tr><th>who</th><th>sub</th><th>roles</th><th>teams</th><th>token, valid for 8 hours</th></tr>${rows.join('')}
    </table>
    <p>For anybody else: <code>curl -s ${escaped(url)}/token -d '{"sub":"me","teams":["cheating"],"roles":["lead"]}'</code></p>
  </body>
</html>
`;
}
