/**
 * How what is said is protected on its way. A suite does no I/O and keeps nothing: a `Group` is all that a device knows of a
 * conversation, as bytes to be stored, and each step makes a new one of it.
 *
 * **Whoever stores them** commits a step by compare and set (`from` the group before, to the one after) BEFORE a byte of it leaves. Of
 * two steps from one group both would use the same key; so only one may be stored, and what the other made is thrown away unsent.
 *
 * A refusal is a `BadWire`, and leaves everything as it was.
 */
export interface CipherSuite {
  readonly id: 'mls10/1' | 'e2b/1';
  /** Nobody between the devices can read what is said. */
  readonly isEndToEnd: boolean;

  /** What a device has for as long as it exists. `publicKey` goes onto its owner's signed device list. */
  newDeviceKeys(): Promise<DeviceKeys>;
  /** For others to add this device with, each once. `stored` is kept until a welcome uses it. */
  newKeyPackages(device: DeviceIdentity, count: number): Promise<readonly KeyPackage[]>;
  /** Who is behind a key package: compare it with the device list before it is added. */
  readKeyPackage(published: Uint8Array): Promise<KeyPackageFacts>;

  /** What a device knows of a conversation before it heard of it. `null`: it must be welcomed. */
  readonly blank: Group | null;
  /** Begins a conversation with these, or begins it anew. Of two who do so at once the hub takes the first. */
  found(device: DeviceIdentity, founding: Founding): Promise<Step>;
  /**
   * Look at the facts before it is stored: the conversation, the members, and that its epoch is the next of the hub's.
   * @param stored all of this device's that are left: `used` says which is to be forgotten
   */
  join(welcome: Uint8Array, stored: readonly Uint8Array[]): Promise<Joined>;

  /** @param life see `Life` */
  encrypt(group: Group, content: Uint8Array, life: Life): Promise<Step>;
  /** What comes from the hub, in the hub's order, one's own echoes included. */
  decrypt(group: Group, wire: Uint8Array): Promise<Heard>;
  /** Takes devices in and out. Nothing of it holds until the hub took it: see `settle`. */
  change(group: Group, changes: Changes, life: Life): Promise<Step>;
  /**
   * The hub's answer to the oldest of one's own changes that wait for it: taken, or definitely not. Where it is lost (a crash in
   * between), what comes tells: others in the epoch that this device began, or their own change in its place.
   */
  settle(group: Group, isTaken: boolean): Promise<Group>;
  look(group: Group): Promise<GroupFacts>;
}

/** Opaque, a few kilobytes, in a versioned format. */
export type Group = Uint8Array;

/**
 * A name for the time since the database was last opened: random bytes, new with each start of the process. A group that was not
 * renewed in this life may come from a backup, and messages that it does not know of may have gone out since. It therefore encrypts
 * nothing before it has begun a new epoch with new secrets: `encrypt` puts that change before the message by itself. So no
 * key can be used twice, whatever was restored.
 */
export type Life = Uint8Array;

export interface DeviceKeys {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

export interface DeviceIdentity {
  /** Whose and which: a name that is the same for everybody. */
  readonly name: string;
  readonly keys: DeviceKeys;
}

export interface KeyPackage {
  readonly published: Uint8Array;
  /** Secret. */
  readonly stored: Uint8Array;
}

export interface KeyPackageFacts {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

export interface Founding {
  readonly conversation: string;
  /** The hub's epoch of it: 0, but where a conversation is begun anew. What the hub is told goes on from there. */
  readonly epoch: number;
  /** Of all others' devices, and one's own others. */
  readonly keyPackages: readonly Uint8Array[];
  readonly life: Life;
}

export interface Changes {
  readonly add?: readonly Uint8Array[];
  readonly remove?: readonly Member[];
}

/** Somebody's device in a group. */
export interface Member extends KeyPackageFacts {
  readonly leaf: number;
}

export interface Step {
  /** To be stored before anything is sent. */
  readonly group: Group;
  /** To be sent in this order. Where one is refused, the rest is not sent. */
  readonly wires: readonly Wire[];
}

export interface Wire {
  readonly type: 'application' | 'handshake' | 'welcome';
  /** In which it was made, as the hub counts. A handshake ends it, and a welcome beside it leads into the next. */
  readonly epoch: number;
  readonly bytes: Uint8Array;
}

export interface Joined {
  readonly group: Group;
  /** Which of the stored key packages was used. */
  readonly used: number;
}

export type Heard =
  | {
      readonly kind: 'said';
      readonly group: Group;
      readonly content: Uint8Array;
      /** Absent where the suite cannot tell, and the hub must be believed. */
      readonly from?: Member;
    }
  /** Somebody (absent: the suite cannot tell) changed who is in it, or only the keys: look at the members before it is stored. */
  | { readonly kind: 'changed'; readonly group: Group; readonly from?: Member }
  /** Nothing holds of it yet. */
  | { readonly kind: 'proposed'; readonly group: Group }
  /** This device was taken out. */
  | { readonly kind: 'removed'; readonly group: Group };

export interface GroupFacts {
  /** Empty where the suite does not know. */
  readonly conversation: string;
  /** In which the next message would be encrypted, as the hub counts. */
  readonly epoch: number;
  /** Once all of one's own changes are taken. */
  readonly members: readonly Member[];
  readonly self?: Member;
  /** How many of one's own changes wait for the hub's word. */
  readonly unsettled: number;
}
