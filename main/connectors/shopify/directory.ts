import { z } from 'zod'
import type { ConnectorContext, Site } from '../connector.ts'
import type { Directory, Identity, Unified } from '../model.ts'
import { optionalId, optionalText, readAnswer } from '../read-records.ts'
import { documents } from './documents.ts'
import { vendorName } from './errors.ts'
import { shopifyId } from './fields.ts'
import { type Asker, ask } from './graph.ts'
import { shopHost } from './sign-in.ts'

const shopSchema = z.looseObject({
  id: shopifyId.nullish().catch(null),
  name: z.string(),
  email: optionalText,
  contactEmail: optionalText,
  myshopifyDomain: optionalText,
  /** REST. */
  myshopify_domain: optionalText,
})
type Shop = z.infer<typeof shopSchema>

const shopAnswer = z.looseObject({ shop: shopSchema })

const domainOf = (shop: Shop, site: Site) => shop.myshopifyDomain ?? shop.myshopify_domain ?? shopHost(site)

/** A shop is one brand. */
const brandsOf = (shop: Shop, site: Site): Directory['brands'] => [{ key: domainOf(shop, site), name: shop.name }]

/** What a mutation or a search answers beside the shop is left to its own operation. */
export function readShop(payload: unknown, site: Site): Partial<Unified> {
  const answers = (Array.isArray(payload) ? payload : [payload]).map((each) => envelope(each))
  const shops = answers.flatMap((answer) => ('shop' in answer ? [readAnswer(shopAnswer, answer, vendorName).shop] : []))
  return { directory: shops.length === 0 ? {} : { brands: shops.flatMap((shop) => brandsOf(shop, site)) } }
}

function envelope(answer: unknown): Record<string, unknown> {
  const { data, ...rest } = readAnswer(z.record(z.string(), z.unknown()), answer, vendorName)
  const inner = z.record(z.string(), z.unknown()).safeParse(data)
  if (inner.success) return inner.data
  return readAnswer(
    z
      .looseObject({ shop: z.unknown() })
      .refine((each) => each.shop !== undefined, { path: ['shop'], message: 'is not there' }),
    rest,
    vendorName,
  )
}

async function loadShop(ctx: Asker): Promise<Shop> {
  return readAnswer(shopAnswer, await ask(ctx, documents.shop, {}), vendorName).shop
}

/** Closing archives an order and reopening brings it back: the vendor has no other state that can be set. Staff cannot be listed or assigned. */
export async function directory(ctx: ConnectorContext): Promise<Directory> {
  return {
    agents: [],
    groups: [],
    statuses: [
      { id: 'open', label: 'Open', status: 'open' },
      { id: 'closed', label: 'Closed', status: 'closed' },
    ],
    brands: brandsOf(await loadShop(ctx), ctx.account.site),
  }
}

/** Only an answer for one member of staff names a person. */
const staffAnswer = z.looseObject({
  associated_user: z.looseObject({
    id: optionalId,
    first_name: optionalText,
    last_name: optionalText,
    email: optionalText,
  }),
})

/** Offline access speaks for the app at the shop, not for a person: the shop is who signed in. */
export async function identify(ctx: Asker & { site: Site; tokenAnswer: Record<string, unknown> }): Promise<Identity> {
  const shop = await loadShop(ctx)
  const staff = staffAnswer.safeParse(ctx.tokenAnswer).data?.associated_user
  const name = [staff?.first_name, staff?.last_name].filter(Boolean).join(' ')
  return {
    vendorUserId: staff?.id ?? `shop:${shop.id ?? domainOf(shop, ctx.site)}`,
    siteKey: domainOf(shop, ctx.site),
    name: name || shop.name,
    email: staff?.email ?? shop.contactEmail ?? shop.email ?? null,
    role: null,
  }
}
