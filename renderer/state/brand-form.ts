import type { AccountView, BrandView } from '../../preload/contract.ts'
import type { BrandDraft } from './accounts.ts'

/** Colours that carry white text at 4.5:1 and stay apart from each other; the name is what a screen reader says. */
export const swatches = [
  { name: 'Indigo', color: '#4f46e5' },
  { name: 'Blue', color: '#1d6fd8' },
  { name: 'Teal', color: '#0f766e' },
  { name: 'Green', color: '#15803d' },
  { name: 'Olive', color: '#56750b' },
  { name: 'Bronze', color: '#96600a' },
  { name: 'Orange', color: '#c2410c' },
  { name: 'Red', color: '#d1242f' },
  { name: 'Rose', color: '#be185d' },
  { name: 'Violet', color: '#7c3aed' },
  { name: 'Slate', color: '#475569' },
  { name: 'Ink', color: '#24292f' },
] as const

/** What is typed in the brand editor. The monogram follows the name until the person changes it. */
export interface BrandForm extends BrandDraft {
  monogramIsOwn: boolean
}

export type BrandProblems = Partial<Record<'name' | 'color' | 'monogram' | 'replyAddress', string>>

const hexColor = /^#[0-9a-f]{6}$/i
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** One or two letters for the tile: the initials of the first two words, or the start of a single one. */
export function suggestMonogram(name: string): string {
  const words = name
    .trim()
    .split(/[\s&+/-]+/)
    .filter(Boolean)
  const letters = words.slice(0, 2).map((word) => [...graphemes.segment(word)][0]?.segment ?? '')
  // A letter may be made of several code units; three is what the contract takes.
  return letters.join('').toLocaleUpperCase().slice(0, 3)
}

/** First names of hosts that say what a page is for, not whose it is. */
const purposes = new Set(['app', 'desk', 'help', 'mail', 'support', 'www'])
/** Domains anybody gets an address at. */
const publicMail = new Set(
  'aol gmail googlemail gmx hotmail icloud live mail me msn outlook proton protonmail web yahoo'.split(' '),
)

type NamedAccount = Pick<AccountView, 'siteLabel' | 'vendorName'> & {
  user: Pick<AccountView['user'], 'name' | 'email'>
}

/** `Acme Goods` for `acme-goods.zendesk.com` or `help@acme-goods.com`, else the person's name: a first idea for the name of a brand. */
export function suggestBrandName({ siteLabel, vendorName, user }: NamedAccount): string {
  if (siteLabel.includes('@')) return nameOfAddress(siteLabel) ?? user.name
  const vendorWords = vendorName.toLocaleLowerCase().split(' ')
  const own = siteLabel
    .split('.')
    .slice(0, siteLabel.includes('.') ? -1 : 1)
    .find((label) => !purposes.has(label) && !vendorWords.some((word) => label.includes(word)))
  return own === undefined ? (nameOfAddress(user.email ?? '') ?? user.name) : asName(own)
}

function nameOfAddress(address: string): string | null {
  const [domain = ''] = (address.split('@')[1] ?? '').split('.')
  return domain === '' || publicMail.has(domain.toLocaleLowerCase()) ? null : asName(domain)
}

function asName(label: string): string {
  const words = label.split(/[-_]+/).filter(Boolean)
  return words.map((word) => word.charAt(0).toLocaleUpperCase() + word.slice(1)).join(' ')
}

/** The first swatch that no brand has yet. */
export function suggestColor(brands: readonly BrandView[]): string {
  const taken = new Set(brands.map((brand) => brand.color.toLowerCase()))
  return (
    swatches.find((swatch) => !taken.has(swatch.color))?.color ??
    swatches[brands.length % swatches.length]?.color ??
    '#4f46e5'
  )
}

/** An empty form with a free colour. */
export function newBrandForm(brands: readonly BrandView[]): BrandForm {
  return {
    id: null,
    name: '',
    color: suggestColor(brands),
    monogram: '',
    replyName: '',
    replyAddress: '',
    signature: '',
    monogramIsOwn: false,
  }
}

/** The form of a brand that exists. */
export function editBrandForm(brand: BrandView): BrandForm {
  const { id, name, color, monogram, replyName, replyAddress, signature } = brand
  return { id, name, color, monogram, replyName, replyAddress, signature, monogramIsOwn: true }
}

/** The next form after typing. */
export function changeBrandForm(form: BrandForm, change: Partial<BrandDraft>): BrandForm {
  const next = { ...form, ...change }
  if (change.monogram !== undefined) next.monogramIsOwn = change.monogram.trim() !== ''
  if (!next.monogramIsOwn) next.monogram = change.monogram === '' ? '' : suggestMonogram(next.name)
  return next
}

/** What stops the form from being saved, a sentence per field. */
export function brandProblems(form: BrandForm, brands: readonly BrandView[]): BrandProblems {
  const problems: BrandProblems = {}
  const name = form.name.trim().toLocaleLowerCase()
  const twin = brands.some((brand) => brand.id !== form.id && brand.name.trim().toLocaleLowerCase() === name)
  if (name === '') problems.name = 'Give the brand a name.'
  else if (twin) problems.name = 'Another brand has this name. Agents could mix them up.'
  if (!hexColor.test(form.color)) problems.color = 'Write a colour as # and six digits, such as #4f46e5.'
  if (name !== '' && form.monogram.trim() === '') problems.monogram = '1 to 3 letters.'
  if (form.replyAddress.trim() !== '' && !/^\S+@\S+\.\S+$/.test(form.replyAddress.trim())) {
    problems.replyAddress = 'This does not look like an e-mail address.'
  }
  return problems
}

/** The brand to save. Without a reply name customers see the brand's own name. */
export function toBrandDraft(form: BrandForm): BrandDraft {
  const name = form.name.trim()
  return {
    id: form.id,
    name,
    color: form.color.toLowerCase(),
    monogram: form.monogram.trim(),
    replyName: form.replyName.trim() === '' ? name : form.replyName.trim(),
    replyAddress: form.replyAddress.trim(),
    signature: form.signature.trimEnd(),
  }
}
