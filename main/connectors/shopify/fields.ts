import { z } from 'zod'
import type { Quarantined } from '../model.ts'
import { optionalText, readRecords } from '../read-records.ts'
import type { Money } from './order.ts'

/** `gid://shopify/Order/450789469` and 450789469 are the same order. */
export const shopifyId = z.union([z.string().min(1), z.number().refine(Number.isFinite)]).transform((id) =>
  String(id)
    .replace(/^gid:\/\/shopify\/[A-Za-z]+\//, '')
    .replace(/\?.*$/, ''),
)
export const optionalShopifyId = shopifyId.nullish().catch(null)

/** A word of the vendor in lower case: `RETURN_REQUESTED` and `return_requested` are one. */
export const word = z
  .string()
  .min(1)
  .transform((text) => text.toLowerCase())
export const optionalWord = word.nullish().catch(null)

/** `["vip", "eu"]` or `"vip, eu"`. */
export const tagList = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .nullish()
  .catch(null)
  .transform((tags) => (tags ?? []).map((tag) => tag.trim()).filter((tag) => tag !== ''))

export const amountText = z.union([z.string(), z.number()]).transform(String).nullish().catch(null)
export const count = z.number().nullish().catch(null)
/** A list whose elements are read one by one. */
export const list = z.array(z.unknown()).nullish().catch(null)

export const moneyV2 = z.looseObject({ amount: amountText, currencyCode: optionalText }).nullish().catch(null)
export const moneyBag = z.looseObject({ shopMoney: moneyV2 }).nullish().catch(null)

export const moneyOf = (amount: string | null | undefined, currency: string | null | undefined): Money | null =>
  amount ? { amount, currency: currency ?? null } : null
export const bagOf = (bag: z.infer<typeof moneyBag>): Money | null =>
  moneyOf(bag?.shopMoney?.amount, bag?.shopMoney?.currencyCode)

export const moneyText = (money: Money): string => [money.amount, money.currency].filter(Boolean).join(' ')

/** The first that holds more than blanks. */
export const firstOf = (...texts: (string | null | undefined)[]): string | null =>
  texts.find((text) => text?.trim())?.trim() ?? null

/** Reads the lists inside one record: what cannot be read is set aside with its whole path. */
export function nested(path: string) {
  const quarantined: Quarantined[] = []
  return {
    quarantined,
    read<T>(schema: z.ZodType<T>, records: unknown[] | null | undefined, name: string): T[] {
      const read = readRecords(schema, records ?? [], path === '' ? name : `${path}.${name}`)
      quarantined.push(...read.quarantined)
      return read.values
    },
  }
}

export const timeless = (vendorId: string, path: string, field: string): Quarantined => ({
  vendorId,
  path: path === '' ? field : `${path}.${field}`,
  reason: 'no time',
})
