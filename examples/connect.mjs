// What all examples begin with: a client of the server, signed in, with its connection for events open.
import { TroupeClient } from '#client'; // in a project of your own: from 'troupe-client'

const { TROUPE_URL: url = 'http://127.0.0.1:8000', TROUPE_TOKEN: token } = process.env;

export async function connect() {
  const troupe = new TroupeClient({ url, token });
  if (!token) await signUp(troupe);
  await troupe.events.connect();
  return troupe;
}

/**
 * An account for this example alone. With TROUPE_TOKEN, an access token or an API key of yours, none is made.
 *
 * @param {TroupeClient} troupe
 */
async function signUp(troupe) {
  const username = `example-${Date.now().toString(36)}-${process.pid}`;
  const password = crypto.randomUUID();
  await troupe.api.authRegister({ body: { username, email: `${username}@example.org`, password } });
  await troupe.login(username, password);
}
