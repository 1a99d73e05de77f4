/**
 * Tells whether a transaction was passed over before this one: the ids grow by one, and one is missing.
 *
 * Synapse (1.163) lays a transaction aside if it is made in the moment in which an appservice has
 * recovered. It is sent when the appservice recovers the next time, which may be days later. Synapse
 * counts for all its appservices together, so a missing id is a reason to look, and no proof. Ids that
 * are no numbers tell nothing.
 *
 * @see synapse/appservice/scheduler.py, `_TransactionController.send` and `on_recovered`
 */
export function passedOver(): (transactionId: string) => boolean {
  let last: number | undefined;
  return (transactionId) => {
    if (!/^\d{1,15}$/.test(transactionId)) return false;
    const id = Number(transactionId);
    const isOver = last !== undefined && id > last + 1;
    last = id;
    return isOver;
  };
}
