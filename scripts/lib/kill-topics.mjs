/** Creates and deletes topics while the broker is killed: acknowledged changes must persist. */
export function churnTopics(tool, within, fault) {
  const there = new Set();
  const gone = new Set();
  let pending = [];

  const create = async (name) => {
    const run = tool('topics', '--create', '--topic', name, '--partitions', '3');
    const code = await run.ended;
    // a request is retried if its response was lost
    if (code === 0 || run.stdout.includes('already exists')) there.add(name);
    else fault(`creating ${name}: ${run.stdout}${run.stderr}`);
  };
  const remove = async (name) => {
    there.delete(name);
    const run = tool('topics', '--delete', '--topic', name);
    const code = await run.ended;
    if (code === 0 || `${run.stdout}${run.stderr}`.includes('does not')) gone.add(name);
    else fault(`deleting ${name}: ${run.stdout}${run.stderr}`);
  };

  /** Requests the creation of a topic and the deletion of an existing one. */
  const begin = (round) => {
    const [oldest] = there;
    pending = [create(`churn-${round}`)];
    if (there.size > 3) pending.push(remove(oldest));
  };
  /** After the restart: waits for both responses and checks the result. */
  const check = async () => {
    await Promise.all(pending);
    const listed = new Set((await within(tool('topics', '--list'), 30_000, 'topics --list')).split('\n'));
    for (const name of there) if (!listed.has(name)) fault(`topic ${name} was created, and is gone`);
    for (const name of gone) if (listed.has(name)) fault(`topic ${name} was deleted, and is back`);
  };
  return { begin, check };
}
