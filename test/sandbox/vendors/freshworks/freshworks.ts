import { type Exchange, empty, type Reply } from '../../exchange.ts'
import type { Authority } from '../../oauth/authority.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import { organisations } from './organisation.ts'
import { answerSignIn } from './sign-in.ts'

/** The organisations: the sign-in of all Freshworks products. It has no accounts of its own, the products do. */
class FreshworksServer implements VendorServer {
  readonly authorities: Authority[]
  readonly #world: World

  constructor(world: World) {
    this.#world = world
    this.authorities = [...organisations(world).values()]
  }

  async answer(exchange: Exchange): Promise<Reply> {
    const authority = organisations(this.#world).get(exchange.host)
    return authority ? answerSignIn(authority, exchange) : empty(404)
  }

  conversationIndex = () => undefined
  conversationId = () => ''
  messageId = () => ''
}

export const freshworks: VendorSpec = {
  id: 'freshworks',
  flow: null,
  hosts: ['*.myfreshworks.com'],
  sites: [],
  clients: [],
  limits: {},
  open: (world) => new FreshworksServer(world),
}
