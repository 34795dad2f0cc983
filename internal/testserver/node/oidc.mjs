// A real OpenID Connect provider (oidc-provider) with two people and one program,
// on a port that the kernel chooses; it prints its address.
import http from 'node:http'
import { Provider } from 'oidc-provider'

const people = {
  window: { roles: ['hall-window', 'unrelated'], hall: 'changsha', division: '430100' },
  reviewer: { roles: ['reviewing'], unit: 'housing', division: '430100' },
  stranger: { roles: ['unrelated'] },
}
const audience = 'https://onewindow.test/api'
const server = http.createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'onewindow', client_secret: 'client secret', redirect_uris: process.argv.slice(2), grant_types: ['authorization_code'], response_types: ['code'] },
      { client_id: 'unit-system', client_secret: 'system secret', redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
    ],
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'roles', 'unit', 'hall', 'division'] },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    extraTokenClaims: (_, token) => (token.kind === 'ClientCredentials' ? { roles: ['system'], unit: 'housing', sub: token.clientId } : undefined),
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: () => ({ scope: 'api', audience, accessTokenFormat: 'jwt', accessTokenTTL: 300 }),
      },
    },
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
