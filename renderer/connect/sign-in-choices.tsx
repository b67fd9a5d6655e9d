import { clsx } from 'clsx'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { useId, useState } from 'react'
import { Button } from 'react-aria-components'
import type { SignInWay, VendorView } from '../../preload/contract.ts'
import { ChoiceGroup } from '../design/choice-group.tsx'
import { ManagedNote } from '../policy/managed.tsx'
import type { ClientStep } from '../state/connect.ts'
import { isService, type RedirectKind, redirectsFor } from '../state/rungs.ts'
import { useWorkspace } from '../workspace.tsx'
import styles from './client-step.module.css'

const ways: Record<Exclude<SignInWay, 'key'>, { label: string; help: string }> = {
  'auth-window': {
    label: 'Sign-in window',
    help: 'A window of Manydesk with a session of its own, so several users of one site stay signed in side by side.',
  },
  'system-browser': {
    label: 'System browser',
    help: 'Your usual browser, with its password manager and the sign-ins you already have there.',
  },
  device: {
    label: 'A code in any browser',
    help: 'You get a short code and type it on the sign-in page, on this or any other computer or phone. Right where no browser can come back to this computer.',
  },
  'client-credentials': {
    label: 'As the organisation, by client secret',
    help: 'Nobody signs in: the app acts for your organisation, not for a person.',
  },
  'jwt-bearer': {
    label: 'As the organisation, by private key',
    help: 'Nobody signs in: a service account acts for your organisation, not for a person.',
  },
}

const redirects: Record<RedirectKind, { label: string; help: string }> = {
  handover: {
    label: 'Hand-over page',
    help: 'An https page that passes the answer to Manydesk. Right where only https addresses can be registered.',
  },
  loopback: {
    label: 'Directly to this computer',
    help: 'The browser answers on a port that is open for this sign-in only.',
  },
  app: { label: 'Directly to the app', help: 'The address app.manydesk://, where it can be registered.' },
}

/** Way and redirect under one quiet line; the defaults are right for nearly everyone. */
export function SignInChoices({ step }: { step: ClientStep }) {
  const { connect } = useWorkspace()
  const [open, setOpen] = useState(false)
  const optionsId = useId()
  const { vendor, form } = step
  const offered = vendor.ways.filter((way) => way !== 'key')
  // Where nothing can be chosen, nothing is asked.
  const withheld = vendor.withheld?.ways ?? null
  if (form.way === 'key') return null
  if (offered.length < 2 && vendor.redirects.length < 2) {
    return withheld === null ? null : <ManagedNote reason={withheld} />
  }
  const choices = redirectsFor(vendor, form.way)
  return (
    <div className={clsx(styles.choices)}>
      <Button
        className={clsx(styles.summary)}
        aria-expanded={open}
        {...(open && { 'aria-controls': optionsId })}
        onPress={() => setOpen(!open)}
      >
        <ChevronRight size={14} className={clsx(styles.chevron)} aria-hidden="true" />
        <span className={clsx(styles.label)}>How to sign in</span>
        <span className={clsx(styles.chosen)}>{ways[form.way].label}</span>
      </Button>
      {withheld !== null && <ManagedNote reason={withheld} />}
      {open && (
        <div id={optionsId} className={clsx(styles.options)}>
          <ChoiceGroup
            label="Where the sign-in opens"
            value={form.way}
            onChange={(way) => connect.getState().edit({ way, redirect: redirectFor(vendor, way, form.redirect) })}
            options={offered.map((id) => ({
              id,
              ...ways[id],
              ...(vendor.service && isService(id) && { help: vendor.service }),
            }))}
          />
          {choices.length > 1 && form.redirect !== null && (
            <ChoiceGroup
              label="How the answer comes back"
              value={form.redirect}
              onChange={(redirect) => connect.getState().edit({ redirect })}
              options={choices.map((kind) => ({ id: kind, ...redirects[kind] }))}
            />
          )}
        </div>
      )}
    </div>
  )
}

function redirectFor(vendor: VendorView, way: SignInWay, chosen: RedirectKind | null): RedirectKind | null {
  const kinds = redirectsFor(vendor, way)
  return chosen !== null && kinds.includes(chosen) ? chosen : (kinds[0] ?? null)
}
