import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'
import type { AccountView } from '../../preload/contract.ts'
import { BrandTile } from '../design/brand-tile.tsx'
import { Button } from '../design/button.tsx'
import { Select } from '../design/select.tsx'
import { fullTime } from '../inbox/time-words.ts'
import { managedWords } from '../policy/managed.tsx'
import { accessWords, count, dateWords, refreshWords, syncedWords } from '../state/account-words.ts'
import { isService } from '../state/rungs.ts'
import { useAccounts, useWorkspace } from '../workspace.tsx'
import styles from './account-details.module.css'
import { useReconnect } from './use-reconnect.ts'

const ways = {
  'auth-window': 'Sign-in window',
  'system-browser': 'System browser',
  device: 'A code in any browser',
  'client-credentials': 'Client secret: acts as the organisation, not as a person',
  'jwt-bearer': 'Private key: acts as the organisation, not as a person',
  key: 'A key of the account',
}

/** What is behind the row: who and how signed in, for how long, with which rights, and where conversations go. */
export function AccountDetails({ account, now }: { account: AccountView; now: number }) {
  const byKey = account.way === 'key'
  const { doctor } = useWorkspace()
  return (
    <div className={clsx(styles.details)}>
      <section aria-label={byKey ? 'Key' : 'Sign-in'}>
        <h3>{byKey ? 'Key' : 'Sign-in'}</h3>
        <dl className={clsx(styles.facts)}>
          <Fact name="User">{[account.user.name, account.user.role].filter(Boolean).join(', ')}</Fact>
          {account.user.email !== null && <Fact name="E-mail">{account.user.email}</Fact>}
          <Fact name={byKey ? 'Connected by' : 'Signed in by'}>{ways[account.way]}</Fact>
          <Fact name="Connected">
            <time title={fullTime(account.connectedAt)}>{dateWords(account.connectedAt, now)}</time>
          </Fact>
          <Fact name="Access">{accessWords(account, now)}</Fact>
          <Fact name={byKey ? 'Key lasts' : 'Sign-in lasts'}>{refreshWords(account, now)}</Fact>
        </dl>
        <Button size="s" className={styles.test} onPress={() => void doctor.getState().test({ accountId: account.id })}>
          Test this connection
        </Button>
      </section>
      <section aria-label="Conversations">
        <h3>Conversations</h3>
        <dl className={clsx(styles.facts)}>
          <Fact name="Here">{count(account.sync.conversations)}</Fact>
          {account.sync.total !== null && <Fact name={`At ${account.vendorName}`}>{count(account.sync.total)}</Fact>}
          <Fact name="Last sync">{syncedWords(account, now)}</Fact>
          {account.sync.quarantined > 0 && (
            <Fact name="Set aside">{`${count(account.sync.quarantined)} could not be read and are kept for a look.`}</Fact>
          )}
        </dl>
        <Routing account={account} />
      </section>
      {account.way !== 'key' && <Rights account={account} />}
      <Limits account={account} />
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** What this vendor's API does not give: said here, so that nobody looks for it in vain. */
function Limits({ account }: { account: AccountView }) {
  if (account.limits.length === 0) return null
  return (
    <section aria-label="Limits">
      <h3>{`Not possible with ${account.vendorName}`}</h3>
      <ul className={clsx(styles.limits)}>
        {account.limits.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </section>
  )
}

function Rights({ account }: { account: AccountView }) {
  const reconnect = useReconnect(account)
  const locked = account.locked?.reconnect ?? null
  const missing = account.scopes.filter((scope) => !scope.granted)
  const sorted = [...missing, ...account.scopes.filter((scope) => scope.granted)]
  return (
    <section aria-label="Rights">
      <h3>Rights</h3>
      {missing.length > 0 && (
        <p className={clsx(styles.hint)}>
          {locked === null
            ? 'Some rights were not given. Allow one, and only it is asked for; what works now goes on working.'
            : `Some rights were not given. ${managedWords(locked)}`}
        </p>
      )}
      <ul className={clsx(styles.rights)}>
        {sorted.map((scope) => (
          <li key={scope.id} className={clsx(!scope.granted && styles.missing)}>
            {scope.granted ? (
              <Check size={14} aria-label="Given" />
            ) : (
              <TriangleAlert size={14} aria-label="Not given" />
            )}
            <span title={scope.id}>
              {scope.reason ?? scope.id}
              {!scope.granted && <span className={clsx(styles.word)}>not given</span>}
            </span>
            {!scope.granted && locked === null && !isService(account.way) && (
              <Button
                size="s"
                isBusy={reconnect.busy}
                aria-label={`Allow: ${scope.reason ?? scope.id}`}
                onPress={() => void reconnect.start(undefined, { scopes: [scope.id] })}
              >
                Allow
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const inherit = 'inherit'

/** Where the vendor's own brands go. Without a choice they follow the brand of the account. */
function Routing({ account }: { account: AccountView }) {
  const { accounts } = useWorkspace()
  const brands = useAccounts((state) => state.brands)
  if (account.vendorBrands.length === 0) return null
  const options = [
    { id: inherit, label: 'Same as the account' },
    ...brands.map((brand) => ({ id: brand.id, label: brand.name, icon: <BrandTile brand={brand} size={16} /> })),
  ]
  return (
    <div className={clsx(styles.routing)}>
      <h3>{`Brands at ${account.vendorName}`}</h3>
      <ul>
        {account.vendorBrands.map((vendorBrand) => (
          <li key={vendorBrand.key}>
            <span className={clsx(styles.cut)} title={vendorBrand.name}>
              {vendorBrand.name}
            </span>
            <Select
              label={`Conversations of ${vendorBrand.name} go to`}
              hideLabel
              options={options}
              value={vendorBrand.brandId ?? inherit}
              onChange={(id) =>
                void accounts.getState().setRouting(account.id, vendorBrand.key, id === inherit ? null : id)
              }
            />
          </li>
        ))}
      </ul>
    </div>
  )
}
