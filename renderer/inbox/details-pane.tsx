import { clsx } from 'clsx'
import Copy from 'lucide-react/icons/copy'
import ExternalLink from 'lucide-react/icons/external-link'
import Mail from 'lucide-react/icons/mail'
import Phone from 'lucide-react/icons/phone'
import type { ReactNode } from 'react'
import type { AccountView, ThreadView } from '../../preload/contract.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button, IconButton } from '../design/button.tsx'
import { MiddleCut } from '../design/middle-cut.tsx'
import { useAccounts, useDesk, useThread } from '../workspace.tsx'
import { conversationNumber } from './conversation-number.ts'
import { CustomerRecords } from './customer-records.tsx'
import styles from './details-pane.module.css'
import { Section } from './details-section.tsx'
import { Properties } from './properties.tsx'
import { fullTime, messageTime } from './time-words.ts'
import { useNow } from './use-now.ts'
import { vendorFields } from './vendor-fields.ts'

type Conversation = ThreadView['conversation']

/** Who the customer is, what can be changed, and where the conversation lives at its vendor. */
export function DetailsPane() {
  const conversation = useThread((state) => state.thread?.conversation)
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === conversation?.accountId))
  const now = useNow()
  if (conversation === undefined) return null
  return (
    <>
      <Customer conversation={conversation} />
      <Section heading="Properties">
        <Properties key={conversation.id} conversation={conversation} account={account} />
      </Section>
      <CustomerRecords conversation={conversation} now={now} />
      <Origin conversation={conversation} account={account} />
      <VendorFields conversation={conversation} account={account} />
    </>
  )
}

function Customer({ conversation }: { conversation: Conversation }) {
  return (
    <section aria-label="Customer" className={clsx(styles.section)}>
      <div className={clsx(styles.customer)}>
        <Avatar name={conversation.customerName || '?'} size={40} />
        <span className={clsx(styles.name)}>{conversation.customerName || 'Unknown customer'}</span>
      </div>
      <div className={clsx(styles.contact)}>
        {conversation.customerEmail !== null && (
          <Contact
            icon={<Mail size={14} aria-hidden="true" />}
            value={conversation.customerEmail}
            name="mail address"
          />
        )}
        {conversation.customerPhone !== null && (
          <Contact
            icon={<Phone size={14} aria-hidden="true" />}
            value={conversation.customerPhone}
            name="phone number"
          />
        )}
      </div>
    </section>
  )
}

function Contact({ icon, value, name }: { icon: ReactNode; value: string; name: string }) {
  const { copy, attempt, confirm } = useDesk()
  const at = value.indexOf('@')
  return (
    <div className={clsx(styles.line)}>
      {icon}
      <span className={clsx(styles.value)} title={value}>
        <span className={clsx(styles.start)}>{at === -1 ? value : value.slice(0, at)}</span>
        {at !== -1 && (
          <span className={clsx(value.length - at < 24 ? styles.end : styles.start)}>{value.slice(at)}</span>
        )}
      </span>
      <IconButton
        label={`Copy ${name}`}
        icon={<Copy size={14} />}
        onPress={() => void attempt(copy(value)).then((done) => done && confirm(`Copied the ${name}`))}
      />
    </div>
  )
}

function Origin({ conversation, account }: { conversation: Conversation; account: AccountView | undefined }) {
  const { openLink } = useDesk()
  const now = useNow()
  const vendorName = account?.vendorName ?? 'the browser'
  const number = conversationNumber(conversation.vendorId)
  return (
    <Section heading="Conversation">
      <dl>
        <Fact name="Account">
          {account?.vendorName ?? 'Removed'}{' '}
          {account !== undefined && <MiddleCut text={account.siteLabel} longerThan={22} />}
        </Fact>
        {number !== null && <Fact name="Number">{number}</Fact>}
        <Fact name="Came by">{channelNames[conversation.channel]}</Fact>
        <Fact name="Opened">
          <time title={fullTime(conversation.createdAt)}>{messageTime(conversation.createdAt, now)}</time>
        </Fact>
        <Fact name="Changed">
          <time title={fullTime(conversation.updatedAt)}>{messageTime(conversation.updatedAt, now)}</time>
        </Fact>
      </dl>
      <Button size="s" className={styles.link} onPress={() => openLink(conversation.url)}>
        <ExternalLink size={14} aria-hidden="true" />
        Open in {vendorName}
      </Button>
    </Section>
  )
}

const channelNames: Record<Conversation['channel'], string> = {
  email: 'E-mail',
  chat: 'Chat',
  phone: 'Phone',
  web: 'Web form',
  social: 'Social media',
  api: 'API',
  other: 'Another way',
}

function VendorFields({ conversation, account }: { conversation: Conversation; account: AccountView | undefined }) {
  const fields = vendorFields(conversation.vendor)
  if (fields.length === 0) return null
  return (
    <Section heading={`From ${account?.vendorName ?? 'its account'}`}>
      <dl>
        {fields.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
    </Section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={clsx(styles.row)}>
      <dt>{name}</dt>
      <dd className={clsx(styles.plain)}>{children}</dd>
    </div>
  )
}
