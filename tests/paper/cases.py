"""A case at the counter: who wants what, when, under which dossier code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tests.paper.people import Person, make_person, make_signer
from tests.paper.places import Office, make_office

BIRTH, MARRIAGE = "1.001193", "1.000894"
_FIRST_DAY, _DAYS = date(2025, 7, 1), 320  # wards in their present borders exist since 1 July 2025
_HOLIDAY = {5, 6}  # Saturday, Sunday


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure (thủ tục hành chính) as the catalogue names it (docs/domain.md §1.4)."""

    code: str
    name: str
    sector: str
    days: int  # time limit in working days
    components: tuple[str, ...]


PROCEDURES = (
    Procedure(BIRTH, "Đăng ký khai sinh", "Hộ tịch", 1, (
        "Tờ khai đăng ký khai sinh", "Giấy chứng sinh (bản chính)",
        "Giấy chứng nhận kết hôn của cha, mẹ (bản sao)")),
    Procedure(MARRIAGE, "Đăng ký kết hôn", "Hộ tịch", 1, (
        "Tờ khai đăng ký kết hôn", "Giấy xác nhận tình trạng hôn nhân của hai bên")),
    Procedure("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", "Hộ tịch", 3, (
        "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân",
        "Trích lục ghi chú ly hôn (nếu có)")),
    Procedure("2.000635", "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh", "Hộ tịch", 1, (
        "Tờ khai cấp bản sao trích lục hộ tịch", "Văn bản ủy quyền (nếu có)")),
    Procedure("1.004222", "Đăng ký thường trú", "Cư trú", 7, (
        "Tờ khai thay đổi thông tin cư trú (mẫu CT01)",
        "Giấy tờ chứng minh chỗ ở hợp pháp (bản sao)")),
    Procedure("1.001612", "Đăng ký thành lập hộ kinh doanh", "Hộ kinh doanh", 3, (
        "Giấy đề nghị đăng ký hộ kinh doanh", "Hợp đồng thuê địa điểm (bản sao)")),
    Procedure("1.013225", "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
              "Hoạt động xây dựng", 10, ("Đơn đề nghị cấp giấy phép xây dựng",
                   "Giấy chứng nhận quyền sử dụng đất (bản sao)",
                   "Hai bộ bản vẽ thiết kế xây dựng")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One dossier's story; all its papers tell the same."""

    code: str  # mã hồ sơ
    procedure: Procedure
    office: Office
    applicant: Person
    relative: Person  # whom it concerns: the child, the other spouse, or somebody of the family
    received: date
    due: date
    clerk: str
    serial: int  # of the day, the last group of the code


def make_case(random: Random, procedure: Procedure | None = None) -> Case:
    """Make a case; its procedure by chance when None."""
    chosen = procedure or random.choice(PROCEDURES)
    office = make_office(random)
    received = working_day(_FIRST_DAY + timedelta(days=random.randrange(_DAYS)))
    applicant = make_person(random, office.unit, years=(1978, 2002))
    serial = random.randint(1, 240)
    return Case(
        code=f"{office.code}-{received:%y%m%d}-{serial:04d}",
        procedure=chosen,
        office=office,
        applicant=applicant,
        relative=_make_relative(random, chosen, applicant, received),
        received=received,
        due=after_working_days(received, chosen.days),
        clerk=make_signer(random),
        serial=serial,
    )


def _make_relative(random: Random, procedure: Procedure, one: Person, received: date) -> Person:
    unit = one.address.split(", ")[1]
    family = one.name.split()[0]
    if procedure.code == MARRIAGE:
        return make_person(random, unit, years=(1988, 2003), woman=not one.woman)
    other = make_person(random, unit, years=(1985, 2004), family=family)
    if procedure.code != BIRTH:
        return other
    born = received - timedelta(days=random.randint(6, 55))
    number = f"{other.personal_id[:4]}{born:%y}{other.personal_id[6:]}"
    return replace(other, born=born, personal_id=number)


def working_day(day: date) -> date:
    """Return the day, or the Monday after a weekend."""
    while day.weekday() in _HOLIDAY:
        day += timedelta(days=1)
    return day


def after_working_days(day: date, count: int) -> date:
    """Return the working day ``count`` working days after ``day``."""
    for _ in range(count):
        day = working_day(day + timedelta(days=1))
    return day
