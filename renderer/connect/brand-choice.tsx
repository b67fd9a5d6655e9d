import { clsx } from 'clsx'
import Plus from 'lucide-react/icons/plus'
import type { ReactNode } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import type { BrandView } from '../../preload/contract.ts'
import { BrandTile } from '../design/brand-tile.tsx'
import { Select } from '../design/select.tsx'
import styles from './brand-step.module.css'

/** The value of the choice that is not a brand yet. */
export const newBrand = 'new'

/** Above this many, tiles would fill the page; a list is quicker. */
const tilesUpTo = 7

/** Existing brands as tiles, and "New brand" first. */
export function BrandChoice({
  brands,
  value,
  onChange,
}: {
  brands: readonly BrandView[]
  value: string
  onChange: (id: string) => void
}) {
  if (brands.length === 0) return null
  if (brands.length > tilesUpTo) {
    const options = brands.map((brand) => ({
      id: brand.id,
      label: brand.name,
      icon: <BrandTile brand={brand} size={20} />,
    }))
    const make = { id: newBrand, label: 'New brand', icon: <Plus size={16} /> }
    return <Select label="Brand" options={[make, ...options]} value={value} onChange={onChange} />
  }
  return (
    <RadioGroup
      aria-label="Brand"
      value={value}
      onChange={onChange}
      orientation="horizontal"
      className={clsx(styles.brands)}
    >
      <Tile id={newBrand} name="New brand">
        <span className={clsx(styles.plus)}>
          <Plus size={16} aria-hidden="true" />
        </span>
      </Tile>
      {brands.map((brand) => (
        <Tile key={brand.id} id={brand.id} name={brand.name}>
          <BrandTile brand={brand} size={24} />
        </Tile>
      ))}
    </RadioGroup>
  )
}

function Tile({ id, name, children }: { id: string; name: string; children: ReactNode }) {
  return (
    <Radio value={id} className={clsx(styles.brand)}>
      {children}
      <span className={clsx(styles.brandName)}>{name}</span>
    </Radio>
  )
}
