import type { Wave, WaveMember } from '../../core/waves/wave.ts';
import { fromJson, nullsAbsent, toJson } from '../row-values.ts';
import type { WaveMemberRow, WaveRow } from '../tables/wave-tables.ts';

export function waveFrom(row: WaveRow): Wave {
  const { budget, jitter_seconds, created_at_ms, changed_at_ms, ...columns } = row;
  return {
    ...nullsAbsent(columns),
    budget: fromJson(budget),
    jitterSeconds: jitter_seconds,
    createdAtMs: created_at_ms,
    changedAtMs: changed_at_ms,
  };
}

export function rowOf(wave: Wave): WaveRow {
  return {
    name: wave.name,
    profile: wave.profile,
    budget: toJson(wave.budget),
    jitter_seconds: wave.jitterSeconds,
    power: wave.power,
    state: wave.state,
    created_at_ms: wave.createdAtMs,
    changed_at_ms: wave.changedAtMs,
    because: wave.because ?? null,
  };
}

export function memberRowOf(
  wave: string,
  member: WaveMember,
  confirmed: WaveMember['confirmed'] = [],
): WaveMemberRow {
  return {
    wave,
    machine_id: member.machineId,
    position: member.position,
    ...memberColumns(member),
    confirmed: confirmed.length === 0 ? null : toJson(confirmed),
  };
}

/** Those that change. */
export function memberColumns(
  member: WaveMember,
): Omit<WaveMemberRow, 'wave' | 'machine_id' | 'position' | 'confirmed'> {
  return {
    state: member.state,
    install_id: member.installId ?? null,
    started_at_ms: member.startedAtMs ?? null,
    ended_at_ms: member.endedAtMs ?? null,
    because: member.because ?? null,
  };
}

export function memberFrom(row: WaveMemberRow): WaveMember {
  const { wave: _, machine_id, install_id, started_at_ms, ended_at_ms, confirmed, ...columns } = row;
  return nullsAbsent({
    ...columns,
    confirmed: confirmed === null ? null : fromJson(confirmed),
    machineId: machine_id,
    installId: install_id,
    startedAtMs: started_at_ms,
    endedAtMs: ended_at_ms,
  });
}
