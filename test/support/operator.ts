import { ApiClient, newAccount, type Tokens } from './api-client.js';
import type { TestApp } from './test-app.js';

/** The first operator of an application, signed in. */
export async function signUpOperator({ url, config }: TestApp): Promise<Tokens> {
  const api = new ApiClient(url);
  const account = newAccount();
  await api.post('/auth/backoffice/create', { ...account, setup_token: config.auth.backofficeSetupToken });
  const { body } = await api.post<Tokens>('/auth/backoffice/login', {
    identifier: account.username,
    password: account.password,
  });
  return body;
}
