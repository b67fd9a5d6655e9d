import { clsx } from 'clsx'
import styles from './brand-tile.module.css'
import { useBrandColors } from './theme.tsx'

export interface BrandTileProps {
  /** Null: the tile of "no brand yet". */
  brand: { color: string; monogram: string } | null
  /** Pixels: 16, 20, 24, 32, 36 or 48. */
  size?: number
}

/** The brand's monogram on its colour. Decoration: the name stands beside it or on the control around it. */
export function BrandTile({ brand, size = 24 }: BrandTileProps) {
  const colors = useBrandColors(brand?.color ?? '#6e727d')
  const monogram = brand?.monogram ?? '?'
  const shrink = [...monogram].length > 2 ? 0.32 : 0.42
  return (
    <span
      aria-hidden="true"
      // Drawn by the style sheet: as text it would be read as part of the name of the control around it.
      data-monogram={monogram}
      className={clsx(styles.tile, brand === null && styles.none)}
      style={{
        width: size,
        height: size,
        borderRadius: size >= 32 ? 10 : size >= 20 ? 6 : 4,
        fontSize: Math.max(8, Math.round(size * shrink)),
        ...(brand !== null && { background: colors.fill, color: colors.onFill }),
      }}
    />
  )
}
