export { startIssuer, type Issuer, type IssuerOptions } from './issuer.js';
export { createSigningKey, keySetUrl, openSigningKey, type SigningKey } from './signing-key.js';
export { signToken, type Person, type TokenTerms } from './sign-token.js';
