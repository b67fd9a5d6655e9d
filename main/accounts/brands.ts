import { randomUUID } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { DocumentFolder } from '../ports.ts'
import type { Brand } from './model.ts'
import { openSettings } from './settings.ts'
import { brandsFile } from './stored.ts'

/** Everything a person sets on a brand; `id` is null for a new one. */
type BrandInput = Omit<Brand, 'id' | 'position'> & { id: string | null }

export interface Brands {
  /** In the order of the rail. */
  list(): Brand[]
  find(id: string): Brand | null
  /** @throws AppError `not_found` for an id that does not exist, `file_failed`, `store_full` */
  save(input: BrandInput): Brand
  /** Accounts and routing rules of the brand are freed first, so that none points at nothing. */
  remove(id: string): void
  /** Ids left out keep their order behind the named ones. */
  reorder(ids: string[]): void
  onChange(listener: (brands: Brand[]) => void): () => void
  notice: AppError | null
}

interface BrandsOptions {
  documents: DocumentFolder
  /** Called before a brand goes: nothing may point at it afterwards. */
  freeBrand(brandId: string): void
}

/**
 * Brands over `brands.json`.
 * @throws AppError `store_newer`, `file_failed` when the file cannot be opened
 */
export function createBrands({ documents, freeBrand }: BrandsOptions): Brands {
  const settings = openSettings({
    documents,
    name: 'brands',
    label: 'brands',
    schema: brandsFile,
    migrations: [],
    empty: { brands: [] as Brand[] },
  })
  const listeners = new Set<(brands: Brand[]) => void>()
  const list = () => structuredClone(settings.value().brands)

  const replace = (brands: Brand[]) => {
    settings.save({ brands: brands.map((brand, position) => ({ ...brand, position })) })
    for (const listener of listeners) listener(list())
  }
  const required = (id: string): Brand => {
    const brand = settings.value().brands.find((each) => each.id === id)
    if (!brand) throw new AppError('not_found', 'That brand does not exist any more.')
    return brand
  }

  return {
    list,
    notice: settings.notice,
    find: (id) => list().find((brand) => brand.id === id) ?? null,
    save({ id, ...fields }) {
      const brands = settings.value().brands
      if (id === null) {
        const brand = { ...fields, id: randomUUID(), position: brands.length }
        replace([...brands, brand])
        return structuredClone(brand)
      }
      const brand = { ...required(id), ...fields }
      replace(brands.map((each) => (each.id === id ? brand : each)))
      return structuredClone(brand)
    },
    remove(id) {
      required(id)
      freeBrand(id)
      replace(settings.value().brands.filter((brand) => brand.id !== id))
    },
    reorder(ids) {
      const brands = settings.value().brands
      const named = [...new Set(ids)].map(required)
      replace([...named, ...brands.filter((brand) => !ids.includes(brand.id))])
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
