import type { Brands } from '../accounts/brands.ts'
import type { Handlers } from './router.ts'

type BrandCalls = 'brands.list' | 'brands.save' | 'brands.remove' | 'brands.reorder'

/** `brands` is asked for at each call: until the settings are open it throws what keeps them closed. */
export function brandHandlers(brands: () => Brands): Pick<Handlers, BrandCalls> {
  return {
    'brands.list': () => brands().list(),
    'brands.save': (brand) => brands().save(brand),
    'brands.remove': ({ id }) => brands().remove(id),
    'brands.reorder': ({ ids }) => brands().reorder(ids),
  }
}
