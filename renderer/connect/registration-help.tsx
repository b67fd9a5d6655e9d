import { clsx } from 'clsx'
import ArrowUpRight from 'lucide-react/icons/arrow-up-right'
import type { VendorView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { CopyField } from '../design/copy-field.tsx'
import { redirectUrl } from '../state/connect-form.ts'
import type { RedirectKind } from '../state/rungs.ts'
import { useDesk } from '../workspace.tsx'
import styles from './client-step.module.css'

/** How to get a client ID at the vendor, in numbered steps, with the redirect URL to paste there. */
export function RegistrationHelp({ vendor, redirect }: { vendor: VendorView; redirect: RedirectKind | null }) {
  const desk = useDesk()
  const url = redirectUrl(vendor, redirect)
  return (
    <section className={clsx(styles.card)} aria-labelledby="registration-title">
      <h3 id="registration-title">
        {vendor.key === null ? `Get a client ID from ${vendor.name}` : `Where to find it at ${vendor.name}`}
      </h3>
      <ol className={clsx(styles.steps)}>
        {vendor.registration.steps.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      {url !== null && <CopyField label="Redirect URL" value={url} onCopy={desk.copy} />}
      <div className={clsx(styles.link)}>
        <Button variant="link" onPress={() => desk.openLink(vendor.registration.url)}>
          {`Open the page at ${vendor.name}`}
          <ArrowUpRight size={14} aria-hidden="true" />
        </Button>
      </div>
    </section>
  )
}
