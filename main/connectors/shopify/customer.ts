import type { ConnectorContext, Site } from '../connector.ts'
import { joined, type Unified, unified } from '../model.ts'
import { readRecord } from '../read-records.ts'
import { documents } from './documents.ts'
import { firstOf } from './fields.ts'
import { ask } from './graph.ts'
import { type Found, findRecords, type Kind, ordersPart, readOrders } from './read.ts'
import { graphCustomer, toGraphPerson } from './read-graph.ts'
import { addressName, restAddress, restCustomer, toRestPerson } from './read-rest.ts'

const customerKind: Kind = { one: ['customer'], many: ['customers'] }
const addressKind: Kind = { one: ['address', 'customer_address'], many: ['addresses'] }

/** Customers of a payload as people, and the orders that came along. @throws AppError `vendor_bad_answer` */
export function readCustomers(payload: unknown, site: Site): Unified {
  return joined(findRecords(payload, customerKind).map((found) => readCustomer(found, site)))
}

function readCustomer({ record, path }: Found, site: Site): Unified {
  if (!String(Object(record).id).startsWith('gid://')) {
    const read = readRecord(restCustomer, record, path)
    return 'bad' in read ? unified({ quarantined: [read.bad] }) : unified({ people: [toRestPerson(read.value)] })
  }
  const read = readRecord(graphCustomer, record, path)
  if ('bad' in read) return unified({ quarantined: [read.bad] })
  // A search may ask for no more of an order than its number: what has no time is no conversation.
  const rows = (read.value.orders ?? []).filter(hasTime).map((order, index) => ({
    record: order,
    path: `${path}.orders.nodes[${index}]`,
  }))
  const { orders, quarantined } = readOrders(rows)
  const { conversations, messages } = ordersPart(orders, site)
  return unified({ conversations, messages, people: [toGraphPerson(read.value)], quarantined })
}

const hasTime = (order: unknown) => Boolean(Object(order).createdAt ?? Object(order).updatedAt)

/** Addresses of one customer: a name and a phone number for it, the default address first. */
export function readAddresses(payload: unknown): Unified {
  const read = findRecords(payload, addressKind).map(({ record, path }) => readRecord(restAddress, record, path))
  const addresses = read.flatMap((each) => ('value' in each ? [each.value] : []))
  const people = new Map<string, Unified['people'][number]>()
  for (const address of addresses) {
    if (people.has(address.customer_id)) continue
    const all = addresses.filter((each) => each.customer_id === address.customer_id)
    people.set(address.customer_id, {
      vendorId: address.customer_id,
      name: firstOf(...all.map(addressName)),
      email: null,
      phone: firstOf(...all.map((each) => each.phone)),
    })
  }
  return unified({
    people: [...people.values()],
    quarantined: read.flatMap((each) => ('bad' in each ? [each.bad] : [])),
  })
}

/** A phrase of the vendor's search; quotes make it an exact match. */
const phrase = (field: string, value: string) => `${field}:"${value.replace(/["\\]/g, '')}"`

/**
 * Who a customer of another conversation is at this shop, and the newest orders: by e-mail address, else by phone number. Nobody: empty.
 */
export async function aboutCustomer(
  ctx: ConnectorContext,
  who: { email: string | null; phone: string | null },
): Promise<Unified> {
  const query = who.email ? phrase('email', who.email) : who.phone ? phrase('phone', who.phone) : null
  if (query === null) return unified({})
  return readCustomers({ data: await ask(ctx, documents.customers, { query }) }, ctx.account.site)
}
