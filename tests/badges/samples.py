"""Badges with everything that an issuer can say, for tests of the models."""

from datetime import UTC, datetime

from badges import ob2, ob3

AWARDED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOST = "https://guild.example"


def issuer() -> ob3.Profile:
    return ob3.Profile(
        id="did:web:guild.example:issuers:guild",
        name="Guild of testers",
        url=HOST,
        email="guild@guild.example",
        phone="+41 44 000 00 00",
        description="They try things.",
        image=ob3.Image(id=f"{HOST}/guild.png"),
        official="Ada Tester",
        address=ob3.Address(address_country_code="CH", geo=ob3.GeoCoordinates(latitude=47.37, longitude=8.54)),
        other_identifier=[ob3.IdentifierEntry(identifier="guild-1", identifier_type="systemId")],
        parent_org=ob3.Profile(id="https://federation.example", name="Federation"),
    )


def achievement() -> ob3.Achievement:
    alignment = ob3.Alignment(
        target_name="Coaching",
        target_url="https://skills.example/coaching",
        target_code="C1",
        target_description="Helps others find their way.",
        target_framework="Skills",
        target_type="CFItem",
    )
    level = ob3.RubricCriterionLevel(
        id="urn:uuid:00000000-0000-4000-8000-00000000000a", name="Mastered", level="3", points="30", description="Sure."
    )
    return ob3.Achievement(
        id=f"{HOST}/achievements/mentor/versions/2",
        name="Peer mentor",
        description="Mentored a member for a season.",
        criteria=ob3.Criteria(id=f"{HOST}/criteria/mentor", narrative="Two nominations, *one* season."),
        achievement_type="ext:PeerRecognition",
        image=ob3.Image(id=f"{HOST}/mentor.png", caption="A lantern"),
        creator=issuer(),
        tag=["mentoring", "community"],
        alignment=[alignment],
        result_description=[
            ob3.ResultDescription(
                id="urn:uuid:00000000-0000-4000-8000-000000000001",
                name="Rubric",
                result_type="RubricCriterionLevel",
                rubric_criterion_level=[level],
                required_level=level.id,
            ),
            ob3.ResultDescription(
                id="urn:uuid:00000000-0000-4000-8000-000000000002",
                name="Grade",
                result_type="LetterGrade",
                allowed_value=["C", "B", "A"],
                required_value="B",
            ),
            ob3.ResultDescription(
                id="urn:uuid:00000000-0000-4000-8000-000000000003", name="State", result_type="Status"
            ),
        ],
        human_code="M1",
        field_of_study="Peer learning",
        specialization="Testing",
        credits_available=1.5,
        in_language="en",
        version="2",
        related=[ob3.Related(id=f"{HOST}/achievements/mentor/versions/1", version="1", in_language="de-CH")],
        other_identifier=[ob3.IdentifierEntry(identifier="mentor", identifier_type="identifier")],
    )


def subject() -> ob3.AchievementSubject:
    return ob3.AchievementSubject(
        id="urn:uuid:00000000-0000-4000-8000-000000000100",
        identifier=[ob3.IdentityObject.hashed_identity("ben@guild.example", "sel")],
        achievement=achievement(),
        narrative="Ben stayed when it was hard.",
        result=[
            ob3.Result(
                result_description="urn:uuid:00000000-0000-4000-8000-000000000001",
                achieved_level="urn:uuid:00000000-0000-4000-8000-00000000000a",
            ),
            ob3.Result(result_description="urn:uuid:00000000-0000-4000-8000-000000000002", value="A"),
            ob3.Result(result_description="urn:uuid:00000000-0000-4000-8000-000000000003", status="Completed"),
        ],
        role="Mentor",
        image=ob3.Image(id=f"{HOST}/credentials/1.png"),
        source=ob3.Profile(id="https://circle.example", name="Circle of mentors"),
        credits_earned=1,
        activity_start_date=datetime(2026, 3, 1, tzinfo=UTC),
        activity_end_date=datetime(2026, 6, 1, tzinfo=UTC),
        license_number="L-1",
        term="Spring",
    )


def endorsement() -> ob3.EndorsementCredential:
    return ob3.EndorsementCredential(
        id=f"{HOST}/endorsements/1",
        name="Endorsement of Peer mentor",
        issuer=ob3.Profile(id="did:web:federation.example", name="Federation"),
        valid_from=AWARDED,
        credential_subject=ob3.EndorsementSubject(id=f"{HOST}/credentials/1", endorsement_comment="We saw it."),
    )


def credential() -> ob3.OpenBadgeCredential:
    return ob3.OpenBadgeCredential(
        id=f"{HOST}/credentials/1",
        name="Peer mentor",
        description="Awarded to Ben.",
        image=ob3.Image(id=f"{HOST}/credentials/1.png"),
        issuer=issuer(),
        valid_from=AWARDED,
        valid_until=datetime(2028, 11, 21, 9, 0, tzinfo=UTC),
        awarded_date=datetime(2026, 11, 1, tzinfo=UTC),
        credential_subject=subject(),
        evidence=[
            ob3.Evidence(
                id="https://code.example/pull/1",
                name="Review",
                description="A pull request.",
                narrative="*Patient*.",
                genre="Review",
                audience="Members",
            )
        ],
        credential_status=ob3.BitstringStatusListEntry.at(94567, status_list=f"{HOST}/status/1"),
        endorsement=[endorsement().to_document()],
    )


def assertion(**members: object) -> ob2.Assertion:
    given = {
        "id": f"{HOST}/ob2/assertions/1",
        "recipient": ob2.IdentityObject.plain("urn:uuid:00000000-0000-4000-8000-000000000100"),
        "badge": f"{HOST}/ob2/badgeclasses/1",
        "verification": ob2.VerificationObject.hosted(),
        "issued_on": AWARDED,
    }
    return ob2.Assertion(**given | members)
