import { stringify } from 'yaml';

export interface SynapseSettings {
  readonly dir: string;
  readonly port: number;
  readonly serverName: string;
  readonly registrations: readonly string[];
  /** The stock limits, to see what a bridge does when it is told to wait. */
  readonly limited?: boolean;
}

const free = { per_second: 9999, burst_count: 9999 };

const noLimits = {
  rc_message: free,
  rc_registration: free,
  rc_login: { address: free, account: free, failed_attempts: free },
  rc_joins: { local: free, remote: free },
  rc_joins_per_room: free,
  rc_invites: { per_room: free, per_user: free, per_issuer: free },
  rc_profile: free,
  rc_presence: { per_user: free },
  rc_room_creation: free,
  rc_media_create: free,
  rc_delayed_event_mgmt: free,
};

/** A homeserver that speaks to nobody but this machine, and lets anybody register. */
export function synapseConfig(settings: SynapseSettings): string {
  const { dir, port, serverName, registrations } = settings;
  return stringify({
    server_name: serverName,
    public_baseurl: `http://127.0.0.1:${port}/`,
    pid_file: `${dir}/synapse.pid`,
    report_stats: false,
    signing_key_path: `${dir}/signing.key`,
    macaroon_secret_key: 'test-only',
    form_secret: 'test-only',
    registration_shared_secret: 'test-only',
    log_config: `${dir}/log.yaml`,
    media_store_path: `${dir}/media`,
    database: { name: 'sqlite3', args: { database: `${dir}/homeserver.db` } },
    listeners: [
      {
        port,
        bind_addresses: ['127.0.0.1'],
        type: 'http',
        tls: false,
        resources: [{ names: ['client', 'media', 'openid'], compress: false }],
      },
    ],
    trusted_key_servers: [],
    suppress_key_server_warning: true,
    federation_domain_whitelist: [],
    enable_registration: true,
    enable_registration_without_verification: true,
    bcrypt_rounds: 4,
    app_service_config_files: registrations,
    max_event_delay_duration: '24h',
    experimental_features: {
      msc2409_to_device_messages_enabled: true,
      msc3202_transaction_extensions: true,
    },
    caches: { sync_response_cache_duration: 0 },
    ...(settings.limited === true ? {} : noLimits),
  });
}

/** Everything goes to the process's own output, which the test keeps. */
export const synapseLogConfig = stringify({
  version: 1,
  formatters: { plain: { format: '%(asctime)s %(levelname)s %(name)s %(message)s' } },
  handlers: { console: { class: 'logging.StreamHandler', formatter: 'plain' } },
  root: { level: 'INFO', handlers: ['console'] },
  disable_existing_loggers: false,
});
