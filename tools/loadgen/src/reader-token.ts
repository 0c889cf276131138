/** A token to read every team's cases with, from the development issuer. Throws a sentence where there is none. */
export async function readerToken(issuerUrl: string): Promise<string> {
  const body = JSON.stringify({ sub: 'loadgen', roles: ['read_only'] });
  try {
    const response = await fetch(`${issuerUrl}/token`, { method: 'POST', body });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token !== undefined) return token;
    throw new Error(`it answered ${response.status}`);
  } catch (error) {
    throw new Error(
      `No token from ${issuerUrl}: start Ringside with npm start, name its issuer with --issuer, or give a token in LOADGEN_TOKEN.`,
      { cause: error },
    );
  }
}
