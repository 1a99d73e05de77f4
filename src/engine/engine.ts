import type { Standing } from '../adapter/voice.ts';
import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { VoiceId } from '../model/remote-ids.ts';
import type { AppserviceHandler } from '../ports/appservice.ts';
import type { VoiceRow } from '../ports/store.ts';
import { AllLanes } from './all-lanes.ts';
import { labelOf, sayRefused, sayRetrying } from './asides.ts';
import { introduceBot } from './bot.ts';
import { CatchUp } from './catch-up.ts';
import { createChatLane } from './chat-lane.ts';
import type { Context } from './context.ts';
import { Directory } from './directory.ts';
import { createDuties } from './duties.ts';
import { createFiles } from './files.ts';
import { createGhosts, type Ghosts } from './ghosts.ts';
import { MatrixHints } from './hints/from-matrix.ts';
import { createRemoteHints } from './hints/from-remote.ts';
import { createNewest, type Newest } from './hints/newest.ts';
import type { Heard } from './host.ts';
import { createIntake } from './intake.ts';
import { Invitations } from './invitations.ts';
import { JoinRules } from './join-rules.ts';
import { createKeys } from './keys.ts';
import { Logins } from './logins.ts';
import { createNames } from './names.ts';
import { createNetworks, type Networks } from './networks.ts';
import { Notices } from './notices.ts';
import type { EngineOptions, Permission, Reconfigured } from './options.ts';
import { Overseer } from './overseer.ts';
import { createPeople } from './people.ts';
import { Policies } from './policies/policies.ts';
import { PortalLane } from './portal-lane.ts';
import { Portals } from './portals.ts';
import { shownAt } from './public-links.ts';
import { createQueries } from './queries.ts';
import { Refresher } from './refresher.ts';
import { RemoteLane } from './remote-lane.ts';
import { Returning } from './returning.ts';
import { type RoomDuties, RoomLane } from './room-lane.ts';
import { RoomLooks } from './room-looks.ts';
import { Rounds } from './rounds.ts';
import { createSearch } from './search.ts';
import { servedAt } from './served.ts';
import { settleIn } from './settle-in.ts';
import { createSpeakers, type Speakers } from './speakers.ts';
import { createStandingLinks, type StandingLinks } from './standing-links.ts';
import { Standings } from './standings.ts';
import { untilDrained } from './until-drained.ts';
import { Upgrades } from './upgrades.ts';
import { UserRates } from './user-rates.ts';
import { Voices } from './voices.ts';
import { createWatcher, viewOf, type Watcher } from './watcher.ts';

/** How soon it is seen what another process wrote: an operator waits for it. */
const LOOK_MS = 2_000;
const HOUSEKEEPING_MS = 60_000;
/** So often the homeserver is asked whether it is there. That it was away in between is noticed as well. */
const WATCH_MS = 2_000;
/** What was lost in a way that nobody noticed is found after this. */
const CATCH_UP_MS = 3_600_000;
/** What a policy room has changed without telling is seen after this. */
const POLICIES_MS = 3_600_000;

/** Answers words that are a command to the bot. Made outside, as commands rest on the engine. */
export type MakeCommands = (tools: {
  readonly context: Context;
  readonly networks: Networks;
  readonly portals: Portals;
  readonly logins: Logins;
  readonly voices: Voices;
  readonly speakers: Speakers;
  readonly ghosts: Ghosts;
  /** Aborts when the bridge stops. */
  readonly signal: AbortSignal;
}) => RoomDuties['command'];

function contextOf(options: EngineOptions, permission: EngineOptions['permission']): Context {
  const ids = options.networks.map(({ id }) => id);
  const names = createNames(options.prefix, options.matrix.serverName, ids);
  return { ...options, keys: createKeys(options.secret), names, permission };
}

const noticesOf = (context: Context): Notices =>
  new Notices(context, {
    labelOf: (portal) => labelOf(context, portal),
    sayRetrying: (waiting) => sayRetrying(context, waiting),
  });

/** The logic of the bridge: what it hears on either side, and what it does then. */
export class Engine {
  /** What the homeserver calls. */
  readonly handler: AppserviceHandler;
  readonly overseer: Overseer;
  readonly #context: Context;
  readonly #networks: Networks;
  readonly #policies: Policies;
  readonly #watcher: Watcher;
  readonly #voices: Voices;
  readonly #returning: Returning;
  readonly #refresher: Refresher;
  readonly #rules: JoinRules;
  readonly #rates: UserRates;
  readonly #links: StandingLinks;
  readonly #portalLane: PortalLane;
  readonly #remoteLane: RemoteLane;
  readonly #lanes: AllLanes;
  readonly #hints: Newest;
  readonly #catchUp: CatchUp;
  readonly #rounds: Rounds;
  readonly #standings = new Standings();
  readonly #stopping = new AbortController();
  #botIsThere: Promise<void> = Promise.resolve();
  #permission: EngineOptions['permission'];

  constructor(options: EngineOptions, makeCommands: MakeCommands) {
    this.#permission = options.permission;
    const context = contextOf(options, (userId) => this.#permissionOf(userId));
    const { signal } = this.#stopping;
    this.#policies = new Policies(context, signal, () => this.#permitted());
    this.#context = context;
    const rules = new JoinRules(options.networks);
    this.#rules = rules;
    this.#rates = new UserRates(context);
    this.#rounds = new Rounds(context);
    this.#hints = createNewest(context);
    const networks = createNetworks(context, this.#heard(), (id) => this.#opened(id));
    const voices = new Voices(context, (id) => networks.get(id));
    const speakers = createSpeakers(context);
    const ghosts = createGhosts(context, createPeople(context, networks));
    this.#networks = networks;
    this.#voices = voices;
    const overseen = { networks, voices, rates: this.#rates, standings: this.#standings };
    this.overseer = new Overseer(context, { ...overseen, policies: this.#policies });
    this.#watcher = createWatcher(context, networks, {
      refused: (portal, error) => this.#aside(sayRefused(context, portal, error)),
      watched: (portal) => this.#aside(this.#refresher.chat(portal.network, viewOf(portal))),
    });
    const directory = new Directory(context);
    const portals = new Portals(context, { networks, watcher: this.#watcher, ghosts, directory });
    this.#refresher = new Refresher(context, { ghosts, networks, directory, signal, rules });
    this.#links = createStandingLinks(context, { networks, portals });
    const botJoined = (roomId: MatrixRoomId) => this.#botJoined(roomId);
    this.#returning = new Returning(context, { networks, voices, speakers, signal });
    const beside = (work: Promise<unknown>) => this.#aside(work);
    const parts = { ghosts, voices, speakers, portals, networks, botJoined, beside, signal };
    const logins = new Logins(context, { ...parts, loggedIn: (row) => this.#loggedIn(row) });
    const duties = createDuties(context, {
      ...parts,
      invitations: new Invitations(context, parts),
      command: makeCommands({ context, ...parts, logins }),
      policyChanged: (roomId) => this.#aside(this.#policies.heard(roomId)),
    });
    const notices = noticesOf(context);
    this.#portalLane = new PortalLane(context, {
      ...parts,
      ...this.#told(notices),
      rules,
      rates: this.#rates,
    });
    const looks = new RoomLooks(context, signal);
    const upgrades = this.#upgrades(looks, parts);
    this.#remoteLane = new RemoteLane(context, {
      ...{ ...parts, rules, upgrades },
      files: createFiles(context, networks),
    });
    this.#catchUp = new CatchUp(context, { looks, wake: (id) => this.#lanes.room(id) }, signal);
    const roomLane = new RoomLane(context, { duties, looks, upgrades, portals }, (id) =>
      this.#lanes.portal(id),
    );
    this.#lanes = new AllLanes(context, {
      room: (roomId) => roomLane.work(roomId),
      portal: (id) => this.#portalLane.work(id),
      chat: createChatLane(context, portals, (id) => this.#lanes.remote(id)),
      remote: (id) => this.#remoteLane.work(id),
      notice: (roomId) => notices.work(roomId),
    });
    this.handler = this.#handler(
      { ...createQueries(context, parts), ...createSearch(context, portals) },
      new MatrixHints(context, voices, this.#hints),
    );
  }

  async start(): Promise<void> {
    const { storage, clock, deadLetterMs } = this.#context;
    const pending = await storage.journal.pending();
    for (const id of pending.remotePortals) this.#remoteLane.doubt(id);
    this.#botIsThere = introduceBot(this.#context, this.#stopping.signal);
    await this.#policies.follow(this.#context.policyRooms ?? [], this.#botIsThere);
    this.#networks.open();
    await this.#lanes.wakeAll();
    this.#rounds.every(WATCH_MS, () => this.#catchUp.watch(), 0);
    this.#rounds.every(CATCH_UP_MS, async () => this.#catchUp.begin());
    this.#rounds.every(POLICIES_MS, () => this.#policies.lookAtAll());
    this.#rounds.every(LOOK_MS, async () => {
      if (await storage.journal.changedUnseen()) await this.#lanes.wakeAll();
      // An echo that settles what was unknown makes a notice due without anybody in the lanes.
      else await this.#lanes.wakeNotices();
    });
    this.#rounds.every(HOUSEKEEPING_MS, async () => {
      await this.#voices.closeIdle();
      await storage.repairs.expire(clock.now() - deadLetterMs);
      await storage.tidy();
    });
  }

  /** What the config says now: options of networks, and who may do what. */
  async reconfigure({ permission, policyRooms, networks }: Reconfigured): Promise<void> {
    const { networks: open } = this.#context;
    for (const options of open)
      Object.assign(
        options,
        networks.find(({ id }) => id === options.id),
      );
    this.#rules.configure(open);
    this.#rates.configure(open);
    this.#permission = permission;
    await this.#policies.follow(policyRooms, this.#botIsThere);
  }

  /**
   * Gets over what waits, for so long at most, while nothing new comes from the homeserver. What networks say
   * goes on being heard: not all of them keep it. @returns whether nothing waits any more.
   */
  drain(deadlineMs: number): Promise<boolean> {
    this.#rounds.stop();
    return untilDrained(this.#context, deadlineMs, this.#stopping.signal);
  }

  /** Ends what is under way and begins nothing new. What waits stays in the journal. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#rounds.stop();
    this.#hints.stop();
    this.#links.close();
    this.#policies.stop();
    this.#watcher.close();
    this.#portalLane.stop();
    this.#remoteLane.stop();
    await this.#lanes.drain();
    for (const { id } of this.#context.networks) await this.#voices.closeNetwork(id);
    await this.#networks.close();
  }

  #handler(
    queries: ReturnType<typeof createQueries> & ReturnType<typeof createSearch>,
    hints: MatrixHints,
  ): AppserviceHandler {
    const intake = createIntake(this.#context, (roomId) => this.#lanes.room(roomId));
    return {
      ...queries,
      unreadable: intake.unreadable,
      shown: (token) => shownAt(this.#context, token),
      served: (network, path) => servedAt(this.#context, this.#networks, { network, path }),
      canTake: () => this.#context.storage.isWritable(),
      passedOver: () => this.#catchUp.passedOver(),
      transaction: async (events, ephemeral) => {
        // Before they are in their lanes, where nothing may be worked before the look.
        this.#catchUp.notice();
        await intake.transaction(events);
        this.#lanes.homeserverIsThere();
        hints.heard(ephemeral);
      },
    };
  }

  /** What is made known of what goes to networks. */
  #told(notices: Notices): Pick<ConstructorParameters<typeof PortalLane>[1], 'ended' | 'retrying'> {
    return {
      ended: (outcome, { roomId, kind }, portal) => {
        this.#lanes.notice(roomId);
        const isOfTheChat = kind === 'title' || kind === 'power';
        if (isOfTheChat && outcome !== 'delivered') this.#aside(this.#refresher.portal(portal.id));
      },
      retrying: (waiting) => {
        notices.waits(waiting);
        this.#lanes.notice(waiting.event.roomId);
      },
    };
  }

  #upgrades(
    looks: RoomLooks,
    parts: { readonly portals: Portals; readonly ghosts: Ghosts; readonly signal: AbortSignal },
  ): Upgrades {
    const refresh = this.#refresher.portal;
    return new Upgrades(this.#context, {
      wake: (roomId) => this.#lanes.room(roomId),
      moved: (from, to, all) => {
        looks.again(to);
        for (const { id } of all) this.#remoteLane.moved(id);
        for (const { id } of all) this.#lanes.remote(id);
        this.#aside(settleIn(this.#context, { ...parts, refresh }, { from, to, all }));
      },
    });
  }

  #heard(): Heard {
    const { storage } = this.#context;
    return {
      events: (network, view) => this.#lanes.chat(network, view),
      hint: createRemoteHints(this.#context, this.#hints),
      userChanged: (network, user) => this.#aside(this.#refresher.user(network, user)),
      chatChanged: (network, view) => this.#aside(this.#refresher.chat(network, view)),
      standing: (network, standing, voice) => this.#standing(network, standing, voice),
      voice: async (id) => {
        const row = await storage.voices.byId(id);
        return row && this.#voices.handle(row);
      },
    };
  }

  #standing(network: string, standing: Standing, voice?: VoiceId): void {
    const whose = voice === undefined ? 'network' : 'voice';
    this.#context.metrics.standing({ network, whose, is: standing.is });
    const nowMs = this.#context.clock.now();
    this.#standings.heard(network, standing, { nowMs, ...(voice !== undefined && { voice }) });
    if (voice !== undefined) this.#voices.standing(voice, standing);
    else if (standing.is === 'failed')
      this.#context.log('warn', 'A network is away', { network, error: standing.error.message });
    else this.#context.log('info', 'A network is back', { network });
    if (standing.is !== 'ready') return;
    if (voice !== undefined) this.#portalLane.ready(voice);
    else this.#portalLane.networkIsThere();
    this.#lanes.networkIsThere();
  }

  #loggedIn(row: VoiceRow): void {
    this.#standing(row.network, { is: 'ready' }, row.id);
    this.#aside(this.#returning.loggedIn(row));
  }

  #opened(network: string): void {
    this.#aside(this.#watcher.watchAll(network));
    this.#portalLane.networkIsThere();
    this.#lanes.networkIsThere();
    this.#aside(this.#botIsThere.then(() => this.#links.link(network)));
    this.#aside(this.#returning.to(network));
  }

  #botJoined(roomId: MatrixRoomId): void {
    this.#links.nudge(roomId);
    this.#policies.nudge();
  }

  #permitted(): void {
    this.#aside(this.#returning.permitted());
  }

  /** Admins are named by the operator, and lists are written by strangers. */
  #permissionOf(userId: string): Permission {
    const own = this.#permission(userId);
    return own !== 'admin' && this.#policies.bans(userId) ? 'none' : own;
  }

  /** What no message depends on: a failure is only worth a line. */
  #aside(work: Promise<unknown>): void {
    work.catch((error: unknown) =>
      this.#context.log('warn', 'Something beside the messages failed', { error: String(error) }),
    );
  }
}
