// Locks of the database, held as long as a test wants.
import { spawn } from 'node:child_process';

// A psql session that holds a lock until it is told to let go.
export function holdLock(rig, sql) {
  const psql = spawn('psql', ['-h', rig.pg.host, '-U', 'postgres', '-d', 'switchhook', '-qAtX'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const locked = new Promise((done) => {
    psql.stdout.once('data', done);
  });
  psql.stdin.write(`begin;\n${sql};\nselect 'locked';\n`);
  return {
    locked,
    release: () =>
      new Promise((done) => {
        psql.once('exit', done);
        psql.stdin.end('commit;\n');
      }),
  };
}
