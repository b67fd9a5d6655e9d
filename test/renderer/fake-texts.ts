import type { MessageView, ThreadView } from '../../preload/contract.ts'
import { fakeMessage } from './fake-data.ts'

/** Subject, first message, answer. */
export const subjects: readonly (readonly [string, string, string])[] = [
  [
    'Where is my order?',
    'Hello, I ordered a week ago and the tracking has not moved since Thursday. Could you look into it?',
    'Thank you for your patience. The parcel left our warehouse this morning and should reach you on Friday.',
  ],
  [
    'Wrong size delivered',
    'I asked for a medium and received a large. How do I send it back?',
    'I am sorry about the mix-up. A return label is on its way to you, and the medium ships today.',
  ],
  [
    'Refund for a cancelled order',
    'My order was cancelled but the money has not arrived yet.',
    'The refund was made on Monday; banks usually need three working days to show it.',
  ],
  [
    'Invoice with company address',
    'Could you please issue the invoice to our company instead of to me?',
    'Of course. You find the corrected invoice attached.',
  ],
  [
    'Zipper broke after two weeks',
    'The zipper of the jacket came off on the second hike. I am quite disappointed.',
    'That should not happen. We will repair it or send a new one, whichever you prefer.',
  ],
  [
    'Discount code does not work',
    'The code from the newsletter says it has expired, although it should be good until Sunday.',
    'You are right, that was our mistake. Please try it again now.',
  ],
  [
    'Change of delivery address',
    'We moved last week. Can the parcel go to the new address?',
    'Done. It goes to the new address with tomorrow’s van.',
  ],
  [
    'Is this suitable for sensitive skin?',
    'I react to perfume. Is the night cream free of it?',
    'Yes, the night cream has no perfume and was tested on sensitive skin.',
  ],
  [
    'Login code never arrives',
    'I have asked for the code five times and nothing comes, not even in spam.',
    'We found your address on a block list of our mail provider and took it off.',
  ],
  [
    'Rückfrage zur Lieferzeit',
    'Guten Tag, wann kann ich mit meiner Bestellung rechnen? Die angegebene Lieferzeit ist schon überschritten.',
    'Guten Tag, Ihre Bestellung verlässt morgen unser Lager.',
  ],
  [
    'Subscription renewed although I cancelled',
    'I cancelled in September and was charged again today.',
    'I have refunded the charge and closed the subscription for good.',
  ],
  [
    'Assembly instructions missing',
    'The shelf came without the booklet. Is there a PDF?',
    'Here is the PDF. Sorry for the trouble.',
  ],
]

const minute = 60_000

const html = `
<div style="font-family: Georgia, serif; color: #222">
<p>Hello team,</p>
<p>my order <b>#NW-20418</b> came today, but the tent poles are for the <i>two-person</i> model. I need the parts for the
<a href="https://northwind.example/products/ridge-3?utm_source=mail">Ridge 3</a>. We leave for Norway on Saturday, so I am a
little nervous.</p>
<ul><li>Ordered: Ridge 3, green</li><li>Received: poles of the Ridge 2</li></ul>
<p>Here is a picture of the label:</p>
<img src="https://cdn.tracker.example/pixel.gif?u=ingrid" width="600" height="240" alt="Label on the bag">
<p>Best wishes<br>Ingrid Solheim</p>
<blockquote type="cite"><p>On 12 November, Northwind Outdoor wrote:</p><p>Your order NW-20418 has shipped. Track it in your
account.</p></blockquote>
<script>alert(1)</script>
</div>`

/** A few conversations with everything a thread can show. */
export function handmade(now: number): ThreadView[] {
  return [tent(now), serum(now), shelf(now), longOne(now)]
}

function tent(now: number): ThreadView {
  const id = 'a1:50117'
  return thread(
    id,
    {
      brandId: 'northwind',
      accountId: 'a1',
      subject: 'Wrong poles in my Ridge 3 tent',
      customerName: 'Ingrid Solheim',
      unread: true,
      priority: 'high',
      tags: ['tents', 'wrong-item', 'norway-trip'],
      dueAt: now + 52 * minute,
      updatedAt: now - 3 * minute,
    },
    [
      fakeMessage(`${id}/1`, 'Ingrid Solheim', 'customer', now - 150 * minute, 'Hello team, my order came today', {
        authorEmail: 'ingrid.solheim@mail.example',
        bodyHtml: html,
        attachments: [
          { id: 'f1', name: 'label-on-the-bag.jpg', contentType: 'image/jpeg', size: 2_418_000, inline: false },
          {
            id: 'f2',
            name: 'order-confirmation-NW-20418.pdf',
            contentType: 'application/pdf',
            size: 88_400,
            inline: false,
          },
        ],
      }),
      event(`${id}/2`, now - 148 * minute, 'Assigned to Mara Lindqvist by the rule "Tents"'),
      fakeMessage(
        `${id}/3`,
        'Tom Okafor',
        'agent',
        now - 90 * minute,
        'We have two sets of Ridge 3 poles left in Gothenburg. Express would make it by Friday noon, I checked with the warehouse.',
        { kind: 'note' },
      ),
      fakeMessage(
        `${id}/4`,
        'Mara Lindqvist',
        'agent',
        now - 75 * minute,
        'Hello Ingrid,\n\nI am sorry about the mix-up. The right poles can be with you by Friday noon. May I send them to the address of the order?\n\nKind regards\nMara Lindqvist\nNorthwind Outdoor Support',
      ),
      fakeMessage(
        `${id}/5`,
        'Ingrid Solheim',
        'customer',
        now - 3 * minute,
        'Yes please, that would be wonderful! The address is right. Should I send the wrong poles back?\n\n> Hello Ingrid,\n> I am sorry about the mix-up. The right poles can be with you by Friday noon.',
      ),
    ],
    now,
  )
}

function serum(now: number): ThreadView {
  const id = 'a2:18822'
  return thread(
    id,
    {
      brandId: 'lumen',
      accountId: 'a2',
      subject: 'Serum arrived broken 😢',
      customerName: 'Chiara Ricci',
      unread: true,
      updatedAt: now - 9 * minute,
      assigneeVendorId: null,
      assigneeName: null,
      status: 'new',
      vendorStatusLabel: 'New',
    },
    [
      fakeMessage(
        `${id}/1`,
        'Chiara Ricci',
        'customer',
        now - 9 * minute,
        'The bottle was cracked and everything in the box is sticky. I can send photos if you need them.',
      ),
    ],
    now,
  )
}

function shelf(now: number): ThreadView {
  const id = 'a3:7731'
  return thread(
    id,
    {
      brandId: 'hauswerk',
      accountId: 'a3',
      subject: 'Regal wackelt trotz Wandbefestigung',
      customerName: 'Lukas Baumgartner',
      updatedAt: now - 14 * minute,
      sending: false,
      hasDraft: true,
      status: 'pending',
      vendorStatusLabel: 'Waiting for customer',
    },
    [
      fakeMessage(
        `${id}/1`,
        'Lukas Baumgartner',
        'customer',
        now - 300 * minute,
        'Das Regal wackelt, obwohl ich es wie beschrieben an der Wand befestigt habe.',
      ),
      fakeMessage(
        `${id}/2`,
        'Mara Lindqvist',
        'agent',
        now - 14 * minute,
        'Guten Tag Herr Baumgartner, sitzen die beiden oberen Schrauben fest im Dübel?',
      ),
    ],
    now,
  )
}

function longOne(now: number): ThreadView {
  const id = 'a5:991'
  const subject =
    'Re: Fwd: Re: the very long question about exporting all of our projects, their files and every comment as one archive'
  return thread(
    id,
    {
      brandId: 'pixelpine',
      accountId: 'a5',
      subject,
      customerName: 'Gwendolyn Ashworth-Pemberton',
      updatedAt: now - 22 * minute,
      priority: 'urgent',
      dueAt: now - 12 * minute,
    },
    [
      fakeMessage(
        `${id}/1`,
        'Gwendolyn Ashworth-Pemberton',
        'customer',
        now - 22 * minute,
        'Is there a way to export everything at once? We are 40 people and nobody wants to click through 600 projects.',
      ),
    ],
    now,
  )
}

function event(id: string, createdAt: number, bodyText: string): MessageView {
  return fakeMessage(id, 'Zendesk', 'system', createdAt, bodyText, { kind: 'event' })
}

function thread(
  id: string,
  change: Partial<ThreadView['conversation']>,
  messages: MessageView[],
  now: number,
): ThreadView {
  const [accountId = '', vendorId = ''] = id.split(':')
  const last = messages.at(-1)
  return {
    loadedAt: now,
    messages,
    conversation: {
      id,
      accountId,
      vendorId,
      brandId: null,
      subject: '',
      preview: last?.bodyText ?? '',
      status: 'open',
      vendorStatusLabel: 'Open',
      priority: 'normal',
      channel: 'email',
      customerName: '',
      customerEmail: `${(change.customerName ?? 'someone').toLowerCase().replaceAll(' ', '.')}@mail.example`,
      assigneeVendorId: 'agent-1',
      assigneeName: 'Mara Lindqvist',
      tags: [],
      unread: false,
      sending: false,
      failed: false,
      hasDraft: false,
      createdAt: messages[0]?.createdAt ?? now,
      updatedAt: now,
      lastMessageBy: last?.authorRole === 'customer' ? 'customer' : 'agent',
      dueAt: null,
      url: `https://desk.example/tickets/${vendorId}`,
      brandKey: null,
      vendor: { 'Ticket form': 'Order question', 'Order number': 'NW-20418', Satisfaction: 'Not offered' },
      customerPhone: '+47 900 12 345',
      commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'],
      statusScope: null,
      ...change,
    },
  }
}
