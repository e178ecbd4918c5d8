"""Passwords, PINs and one-time codes: nothing in their form gives them away, so each needs a cue word before it.

A password behind a colon is one whatever it looks like; behind "is" or within a few words it must look like one
(letters with digits or signs), since most customers write that their password is wrong, not what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.redaction.shapes import BLANK, UNSPACED, Interval

_PASSWORD = (
    r"(?<![^\W_])(?:pass ?word|pass ?code|pass ?phrase|pw|pwd|psw|passwd|passwort|kennwort|zugangsdaten"
    r"|mot de passe|mdp|contrase[ñn]a|clave|password|parola d'ordine"
    r"|palavra[- ]passe|senha|wachtwoord|has[łl]o|[şs]ifre\w{0,4}|parola\w{0,3}|парол[ьяеюи]\w*)(?![^\W_])"
    r"|كلمة (?:ال)?(?:سر|مرور)\w*|كلمة مرور\w*|(?:الرقم السري)|पासवर्ड|密码|密碼|口令|パスワード|暗証番号"
)
_CODE = (
    r"(?<![^\W_])(?:(?:sms-?|m?tan-?|e?tan-?|pin-?|puk-?|m?pin-?|geheim)(?:code|nummer|nr)?|cvv2?|cvc2?|csc|otp"
    r"|security code|verification code|one[- ]time (?:code|pass\w+)"
    r"|access code|login code|2fa(?: code)?|pr[üu]f(?:ziffer|nummer)|(?:best[äa]tigungs|sicherheits|einmal"
    r"|zugangs|freischalt|verifizierungs)code"
    r"|code (?:de )?(?:s[ée]curit[ée]|v[ée]rification|confirmation|secret|pin|sms)|cryptogramme|c[óo]digo "
    r"(?:de )?(?:seguridad|verificaci[óo]n|seguran[çc]a|verifica[çc][ãa]o|sms|acesso)"
    r"|codice (?:di )?(?:sicurezza|verifica|accesso|segreto|pin|otp)|(?:beveiligings|verificatie|toegangs"
    r"|pin)code|kod(?:u|em)? (?:sms|pin|weryfikacyjn\w+|bezpiecze[ńn]stwa|dost[ęe]pu|cvv|cvc)"
    r"|(?:do[ğg]rulama|g[üu]venlik|onay) kod\w*|(?:sms-?)?код\w*(?: подтверждения| безопасности| из (?:смс|sms)"
    r"| доступа| cvv)?|пин(?:-?код\w*)?)(?![^\W_])"
    r"|رمز (?:ال)?(?:تحقق|تأكيد|أمان|دخول|سري)\w*|(?:कोड|ओटीपी|पिन|सीवीवी)"
    r"|验证码|校验码|驗證碼|安全码|認証コード|確認コード|セキュリティコード|暗証番号"
)
PASSWORD_CUE, CODE_CUE = re.compile(_PASSWORD), re.compile(_CODE)
_IS = r"(?:is|was|ist|war|lautet|est|es|era|era|è|é|sou|jest|to|było|brzmi|это|был|هي|هو|है|था|是|为|為|は|[:：=-]|>)"
_STRONG = (
    rf"(?=[^\s{BLANK}]{{0,30}}[^\W\d_])(?=[^\s{BLANK}]{{0,30}}(?:\d|[!@#$%^&*_+=~](?=\S)))"
    r"[A-Za-z0-9!@#$%^&*()_+=~?.,;:<>/|\[\]{}\\'\"`-]{5,40}"
)
_ANY = rf"[^\s{BLANK}{UNSPACED}]{{3,40}}"
_QUOTES = "\"'“”„‚‘’«»「」『』"
_COLON = re.compile(rf"\s?[:：=]\s{{0,2}}(?P<value>{_ANY})")
_QUOTED = re.compile(rf"\s?(?:{_IS}\s?)?[{_QUOTES}](?P<value>[^{_QUOTES}\n{BLANK}]{{3,40}})[{_QUOTES}]")
_NEARBY = re.compile(
    rf"\s?(?:{_IS}\s?)?(?:[^\W\d_]{{1,12}}[ ,:]{{1,2}}){{0,4}}?[{UNSPACED}]{{0,8}}[ :：,]{{0,2}}(?P<value>(?<!"
    rf"[A-Za-z0-9]){_STRONG})"
)
_NUMBER = re.compile(
    rf"[^\w\n?!]{{0,4}}(?:[^\W\d_]{{1,12}}[ :'’-]{{1,3}}){{0,3}}?[{UNSPACED}]{{0,6}}[ :：]{{0,2}}"
    rf"(?P<value>\d{{3}}[ -]?\d{{3}}|\d{{3,8}})(?![\w.,-]*\d| ?\d)"
)
_SIGN = re.compile(r"[!@#$%^&*]\S*\d|\d\S*[!@#$%^&*]")
_UNCUED = re.compile(
    rf"(?<![^\s\"'(:,;{UNSPACED}])(?=[^\s{BLANK}]{{8,40}}(?:\s|$))(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)(?=\S+"
    rf"[!@#$%^&*])[A-Za-z0-9!@#$%^&*()_+~?]{{7,40}}[A-Za-z0-9!@#$%^&*()_+~]"
)
"""Capitals, small letters, digits and signs in one word are a password, if anything is."""
_POSTAL = re.compile(r"pin|पिन")
"""An Indian postcode (PIN) has six digits; the PIN of a card has four or five."""
_TRAIL = ".,;:!?)\"'»”"


def passwords(left: str, low: str) -> Iterator[Interval]:
    """Stretches of `left` (`low`: the same in lower case) that follow a cue."""
    after = 0
    for cue in PASSWORD_CUE.finditer(low):
        for pattern in (_QUOTED, _COLON, _NEARBY, _NUMBER):
            match = pattern.match(left, cue.end())
            if match and match.start("value") >= after:
                start, after = match.start("value"), _end(left, match)
                yield start, after
                break
    for cue in CODE_CUE.finditer(low):
        match = _NUMBER.match(left, cue.end())
        if match and cue.start() >= after and not (_POSTAL.match(cue[0]) and len(match["value"]) == 6):
            yield match.span("value")
    if _SIGN.search(left):
        yield from (match.span() for match in _UNCUED.finditer(left))


def _end(left: str, match: re.Match[str]) -> int:
    """A full stop behind a password ends the sentence; a sign within belongs to it."""
    end = match.end("value")
    if left[end : end + 1].strip() or match.end() > end:
        return end
    bare = match["value"].rstrip(_TRAIL)
    is_plain = not re.search(r"[^\w.,;:]", bare)
    return match.start("value") + len(bare) if is_plain and len(bare) >= 3 else end
