import { clsx } from 'clsx'
import { type ReactNode, useState } from 'react'
import type { AccountView, Command, DirectoryView, ThreadView } from '../../preload/contract.ts'
import { Avatar } from '../design/avatar.tsx'
import { Chip } from '../design/chip.tsx'
import { Select, type SelectOption } from '../design/select.tsx'
import { useDesk, useThread, useWorkspace } from '../workspace.tsx'
import styles from './details-pane.module.css'
import { priorityNames, StatusMark, statusNames } from './status-mark.tsx'

type Conversation = ThreadView['conversation']

interface PropertiesProps {
  conversation: Conversation
  account: AccountView | undefined
}

/** Status, priority, assignee and tags: editable where the account can write them, plain words otherwise. */
export function Properties({ conversation, account }: PropertiesProps) {
  const { thread } = useWorkspace()
  const { attempt } = useDesk()
  const directory = useThread((state) => state.directories[conversation.accountId])
  const may = (kind: Command['kind']) => account !== undefined && conversation.commands.includes(kind)
  const send = (command: Command) => void attempt(thread.getState().send(conversation.id, [command]))
  return (
    <>
      <dl className={clsx(styles.fields)}>
        <Row name="Status">
          <StatusField conversation={conversation} directory={directory} mayEdit={may('status')} send={send} />
        </Row>
        <Row name="Priority">
          <PriorityField conversation={conversation} mayEdit={may('priority')} send={send} />
        </Row>
        <Row name="Assignee">
          <AssigneeField conversation={conversation} directory={directory} mayEdit={may('assign')} send={send} />
        </Row>
      </dl>
      <Tags conversation={conversation} mayEdit={may('tags')} send={send} />
    </>
  )
}

interface FieldProps {
  conversation: Conversation
  mayEdit: boolean
  send: (command: Command) => void
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={clsx(styles.row)}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

type WithDirectory = FieldProps & { directory: DirectoryView | undefined }

const plainStatuses = ['open', 'pending', 'on_hold', 'solved'] as const

function StatusField({ conversation, directory, mayEdit, send }: WithDirectory) {
  const own = (directory?.statuses ?? []).filter(
    ({ scope }) => scope === null || conversation.statusScope === null || scope === conversation.statusScope,
  )
  const options = own.length > 0 ? own : plainStatuses.map((id) => ({ id, label: statusNames[id], status: id }))
  const current = options.find(
    ({ label, status }) => label === conversation.vendorStatusLabel && status === conversation.status,
  )
  const value = current ?? options.find(({ status }) => status === conversation.status)
  if (!mayEdit) return <span className={clsx(styles.plain)}>{conversation.vendorStatusLabel}</span>
  return (
    <Select
      label="Status"
      hideLabel
      variant="quiet"
      options={options.map(({ id, label, status }) => ({ id, label, icon: <StatusMark status={status} /> }))}
      value={value?.id ?? null}
      placeholder={conversation.vendorStatusLabel}
      onChange={(id) => {
        const chosen = options.find((option) => option.id === id)
        if (chosen === undefined || chosen.id === value?.id) return
        send({ kind: 'status', status: chosen.status, vendorStatusId: own.length > 0 ? chosen.id : null })
      }}
    />
  )
}

const priorities = ['urgent', 'high', 'normal', 'low'] as const

function PriorityField({ conversation, mayEdit, send }: FieldProps) {
  const { priority } = conversation
  if (!mayEdit)
    return <span className={clsx(styles.plain)}>{priority === null ? 'None' : priorityNames[priority]}</span>
  return (
    <Select
      label="Priority"
      hideLabel
      variant="quiet"
      options={priorities.map((id) => ({ id, label: priorityNames[id] }))}
      value={priority}
      placeholder="None"
      onChange={(id) => {
        const chosen = priorities.find((candidate) => candidate === id)
        if (chosen !== undefined && chosen !== priority) send({ kind: 'priority', priority: chosen })
      }}
    />
  )
}

const nobody = 'nobody'

function AssigneeField({ conversation, directory, mayEdit, send }: WithDirectory) {
  const { assigneeVendorId, assigneeName } = conversation
  if (!mayEdit) return <span className={clsx(styles.plain)}>{assigneeName ?? 'Unassigned'}</span>
  const agents = (directory?.agents ?? []).filter(({ active, vendorId }) => active || vendorId === assigneeVendorId)
  const known = assigneeVendorId === null || agents.some(({ vendorId }) => vendorId === assigneeVendorId)
  const options: SelectOption[] = [
    { id: nobody, label: 'Unassigned' },
    ...(known ? [] : [person(assigneeVendorId ?? '', assigneeName ?? 'Somebody')]),
    ...agents.map(({ vendorId, name }) => person(vendorId, name)),
  ]
  return (
    <Select
      label="Assignee"
      hideLabel
      variant="quiet"
      options={options}
      value={assigneeVendorId ?? nobody}
      onChange={(id) => {
        const next = id === nobody ? null : id
        if (next !== assigneeVendorId) send({ kind: 'assign', assigneeVendorId: next })
      }}
    />
  )
}

function person(id: string, label: string): SelectOption {
  return { id, label, icon: <Avatar name={label} size={18} /> }
}

function Tags({ conversation, mayEdit, send }: FieldProps) {
  const [text, setText] = useState('')
  const { tags } = conversation
  const add = () => {
    const tag = text.trim()
    setText('')
    if (tag !== '' && !tags.includes(tag)) send({ kind: 'tags', add: [tag], remove: [] })
  }
  if (!mayEdit && tags.length === 0) return null
  return (
    <div className={clsx(styles.tagList)}>
      <h3>Tags</h3>
      <div>
        {tags.length > 0 && (
          <div className={clsx(styles.tags)}>
            {tags.map((tag) => (
              <Chip
                key={tag}
                label={tag}
                onRemove={mayEdit ? () => send({ kind: 'tags', add: [], remove: [tag] }) : undefined}
              />
            ))}
          </div>
        )}
        {mayEdit && (
          <input
            aria-label="Add a tag"
            placeholder="Add a tag"
            className={clsx(styles.addTag)}
            value={text}
            maxLength={200}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && add()}
            onBlur={add}
          />
        )}
      </div>
    </div>
  )
}
