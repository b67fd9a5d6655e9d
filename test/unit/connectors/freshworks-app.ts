/** Freshworks apps in our own words, in the three forms of its platform. Client secrets are invented. */

/** Platform 2.3: one flat object, `isOAuth`. */
export const app23 = {
  oauth: {
    client_id: '<%= oauth_iparams.client_id %>',
    client_secret: '<%= oauth_iparams.client_secret %>',
    authorize_url: 'https://login.punchclock.example/oauth/authorize',
    token_url: 'https://login.punchclock.example/oauth/token',
    options: { scope: 'entries comments', access_type: 'offline' },
    token_type: 'agent',
    oauth_iparams: {
      client_id: { display_name: 'Client id', description: 'From the developer page', type: 'text', required: true },
      client_secret: {
        display_name: 'Client secret',
        description: 'From the developer page',
        type: 'text',
        required: true,
        secure: true,
      },
    },
  },
  requests: {
    getMe: {
      schema: {
        method: 'GET',
        host: 'api.punchclock.example',
        path: '/v1/me',
        headers: { Authorization: 'Bearer <%= access_token %>', 'Content-Type': 'application/json' },
      },
      options: { isOAuth: true },
    },
    listEntries: {
      schema: {
        protocol: 'https',
        method: 'GET',
        host: 'api.punchclock.example',
        path: '/v1/entries?state=disputed',
        headers: { Authorization: 'Bearer <%= access_token %>' },
        query: { page: '<%= context.page %>', per_page: '50' },
      },
      options: { isOAuth: true, maxAttempts: 3, retryDelay: 500 },
    },
    getEntry: {
      schema: {
        method: 'GET',
        host: 'api.punchclock.example',
        path: '/v1/entries/<%= context.entryId %>',
        headers: { Authorization: 'Bearer <%= access_token %>' },
      },
      options: { isOAuth: true },
    },
    listComments: {
      schema: {
        method: 'GET',
        host: 'api.punchclock.example',
        path: '/v1/entries/<%= context.entryId %>/comments',
        headers: { Authorization: 'Bearer <%= access_token %>' },
      },
      options: { isOAuth: true },
    },
    'reply-to-entry': {
      schema: {
        method: 'POST',
        host: 'api.punchclock.example',
        path: '/v1/entries/<%= context.entryId %>/replies',
        headers: { Authorization: 'Bearer <%= access_token %>' },
      },
      options: { isOAuth: true },
    },
    setState: {
      schema: {
        method: 'PUT',
        host: 'api.punchclock.example',
        path: '/v1/entries/<%= context.entryId %>',
        headers: { Authorization: 'Bearer <%= access_token %>' },
      },
      options: { isOAuth: true },
    },
  },
}

/** Platform 3.0: `integrations`, one of them for each agent; substitutions in both spellings. */
export const app30 = {
  oauth: {
    integrations: {
      timeTracker: {
        display_name: 'Time tracker',
        client_id: 'id-of-the-app-4711',
        client_secret: 'hush-0815-do-not-show',
        authorize_url: 'https://<%= oauth_iparams.workspace %>.hourglass.example/oauth2/authorize',
        token_url: 'https://{{ oauth_iparams.workspace }}.hourglass.example/oauth2/token',
        options: {
          scope: 'time.read,time.write',
          customHeaders: { Authorization: 'Basic aWQ6aHVzaC0wODE1', 'X-Region': 'eu' },
        },
        token_type: 'account',
        oauth_iparams: {
          workspace: {
            display_name: 'Workspace',
            description: 'First part of the address',
            type: 'text',
            required: true,
          },
        },
      },
      brand_desk: {
        display_name: 'Brand desk',
        client_id: 'x',
        client_secret: 'y',
        authorize_url: 'https://<%= oauth_iparams.org_host %>/org/oauth/v2/authorize',
        token_url: 'https://<%= oauth_iparams.org_host %>/org/oauth/v2/token',
        token_type: 'agent',
        oauth_iparams: {
          org_host: {
            display_name: 'Organisation host',
            description: 'example: acme.desk.example',
            type: 'text',
            required: true,
          },
        },
      },
    },
  },
  requests: {
    listHours: {
      schema: {
        method: 'GET',
        host: '<%= iparam.workspace %>.hourglass.example',
        path: '/api/hours',
        headers: {
          Authorization: 'Bearer <%= access_token %>',
          'X-Key': '<%= encode(iparam.api_key + ":x") %>',
          'X-Zone': '<%= iparam.zone %>',
        },
        query: {
          updated_since: '<%= context.updatedSince %>',
          cursor: '<%= context.nextToken %>',
          mood: '<%= context.mood %>',
        },
      },
      options: { oauth: 'timeTracker' },
    },
    listTickets: {
      schema: {
        method: 'GET',
        host: 'api.desk.example',
        path: '/tickets',
        headers: { Authorization: 'Bearer <%= access_token %>' },
        query: { offset: '<%= context.offset %>', limit: '<%= context.limit %>' },
      },
      options: { oauth: 'brand_desk' },
    },
    ping: {
      schema: {
        method: 'GET',
        host: 'status.example',
        path: '/ping',
        headers: { 'X-Key': '<%= iparam.status_key %>' },
      },
    },
    old: {
      schema: {
        method: 'GET',
        host: 'api.desk.example',
        path: '/old',
        headers: { Authorization: 'Bearer <%= access_token %>' },
      },
      options: { oauth: 'gone' },
    },
    fax: {
      schema: { method: 'TRACE', host: 'api.desk.example', path: '/fax', headers: {} },
      options: { oauth: 'brand_desk' },
    },
  },
  iparams: {
    zone: {
      display_name: 'Zone',
      description: 'Where you are',
      type: 'dropdown',
      required: true,
      options: ['eu', 'us'],
    },
    api_key: { display_name: 'API key', type: 'text', secure: true },
    status_key: { display_name: 'Status key', type: 'text', secure: true },
    colour: { display_name: 'Colour', type: 'text' },
  },
}

/** Platform 3.1: several accounts of one provider, all at account level, chosen by the call. */
export const app31 = {
  oauth: {
    integrations: {
      shop: {
        display_name: 'Shop',
        client_id: 'a',
        client_secret: 'b',
        authorize_url: 'http://shop.example/authorize',
        token_url: 'https://shop.example/token',
        token_type: 'account',
      },
    },
  },
  requests: {
    orders: {
      schema: {
        protocol: 'http',
        method: 'get',
        host: 'shop.example',
        path: 'orders',
        headers: { Authorization: 'Token <%= access_token %>' },
      },
      options: { oauth: 'shop' },
    },
  },
}
