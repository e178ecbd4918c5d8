"""What a process holds in memory, read from /proc (Linux)."""

from __future__ import annotations

import re
from pathlib import Path

LISTENING = "0A"


def resident_mb(pid: int, *, peak: bool = False) -> float:
    """Resident memory in MB (10**6 bytes): now (VmRSS), or the most there ever was (VmHWM)."""
    name = "VmHWM" if peak else "VmRSS"
    match = re.search(rf"^{name}:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text("ascii", "replace"), re.M)
    if match is None:
        raise ValueError(f"/proc/{pid}/status: expected a line {name}, found none; is it a kernel thread?")
    return int(match[1]) * 1024 / 1e6


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run; none where it has ended itself."""
    try:
        lists = [task.read_text("ascii") for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return sorted(int(child) for listed in lists for child in listed.split())


def pid_listening_on(port: int) -> int | None:
    """The process of this user that listens on a TCP port; None where there is none to be seen."""
    inodes = {
        fields[9]
        for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
        if table.exists()
        for fields in map(str.split, table.read_text("ascii").splitlines()[1:])
        if fields[3] == LISTENING and int(fields[1].rsplit(":", 1)[1], 16) == port
    }
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        if wanted & _sockets(folder):
            return int(folder.name)
    return None


def _sockets(process: Path) -> set[str]:
    found: set[str] = set()
    try:
        for descriptor in (process / "fd").iterdir():
            found.add(str(descriptor.readlink()))
    except OSError:
        return found
    return found
