import { createSigningKey, keySetUrl, signToken, type Person, type SigningKey } from '@ringside/issuer';
import type { ServiceConfig } from '@ringside/platform';

const issuer = 'https://issuer.test';
const audience = 'ringside';

let key: Promise<SigningKey> | undefined;
/** One for all tests of a process. */
const signingKey = (): Promise<SigningKey> => (key ??= createSigningKey());

export type AuthConfig = Pick<ServiceConfig, 'authKeySet' | 'authIssuer' | 'authAudience'>;

/** What makes a service take the tokens of {@link tokenFor}. */
export const testAuthConfig = async (): Promise<AuthConfig> => ({
  authKeySet: keySetUrl(await signingKey()),
  authIssuer: issuer,
  authAudience: audience,
});

/** All teams that tests have to do with. */
const everyTeam = ['cheating', 'abuse', 'others-triage', 'testing'];

/** A token for somebody; where nothing is said, for a lead who may approve, of all teams. It has expired where `seconds` < 0. */
export async function tokenFor(
  person: Partial<Person> = {},
  terms: { readonly seconds?: number; readonly audience?: string } = {},
): Promise<string> {
  const { sub = 'tester', teams = everyTeam, region, roles = ['lead', 'approver', 'platform', 'game'] } = person;
  return signToken(await signingKey(), { sub, teams, roles, region }, { issuer, audience, seconds: 3_600, ...terms });
}

/** The header for a request of theirs. */
export const authorizationOf = async (person: Partial<Person> = {}): Promise<{ readonly authorization: string }> => ({
  authorization: `Bearer ${await tokenFor(person)}`,
});
