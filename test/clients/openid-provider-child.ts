/**
 * An OpenID provider on loopback, of the certified library, whose people log in with any password: `anna` of the group
 * `lab`, `root` of `ops`, `guest` of none. Arguments: port, where Muster is.
 */
import { Provider } from 'oidc-provider';

const [port = '', muster = ''] = process.argv.slice(2);
const GROUPS: Readonly<Record<string, readonly string[]>> = { anna: ['lab'], root: ['ops'], guest: [] };
const CLIENT = 'muster';

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: CLIENT,
      client_secret: 'a secret of the client',
      redirect_uris: [`${muster}/login/oidc/callback`],
    },
  ],
  claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
  // So that the ID token has what was asked for, as those of most providers do.
  conformIdTokenClaims: false,
  findAccount: (_, name) => ({
    accountId: name,
    claims: () => ({ sub: `id-of-${name}`, preferred_username: name, groups: [...(GROUPS[name] ?? [])] }),
  }),
  // Whoever logs in has agreed.
  loadExistingGrant: async (context) => {
    const grant = new context.oidc.provider.Grant({
      clientId: CLIENT,
      accountId: context.oidc.session?.accountId ?? '',
    });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
});

const server = provider.listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
