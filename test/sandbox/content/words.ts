import { arabic, japanese } from './words-other.ts'
import { english, french, german } from './words-western.ts'

export type TopicName = 'parcel' | 'refund' | 'login' | 'invoice' | 'defect' | 'booking' | 'computer'
export type Language = 'en' | 'de' | 'fr' | 'ja' | 'ar'

/** Sentences with {order}, {product}, {days}, {city}, {amount} to be filled in. */
export interface Topic {
  subjects: string[]
  opening: string[]
  answer: string[]
  more: string[]
  note: string
}

export interface LanguageWords {
  first: string[]
  last: string[]
  hello(name: string): string
  greeting: string
  bye: string
  thanks: string[]
  topics: Partial<Record<TopicName, Topic>>
  products: string[]
  cities: string[]
}

export const languages: Record<Language, LanguageWords> = {
  en: english,
  de: german,
  fr: french,
  ja: japanese,
  ar: arabic,
}

/** Topics a language has words for, kept to those the site's business meets (all of them if none fits). */
export function topicsOf(language: Language, business: readonly TopicName[]): Topic[] {
  const all = languages[language].topics
  const fitting = business.flatMap((name) => all[name] ?? [])
  return fitting.length > 0 ? fitting : Object.values(all)
}

export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole)
}
