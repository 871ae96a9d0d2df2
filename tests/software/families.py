"""The software that boards run on, each with the address an operator would give to ``lurewatch sources new``."""

from functools import partial

from tests.software import apis, boards
from tests.software.site import Family
from tests.software.templates import print_pages

FAMILIES = (
    Family("WP Job Manager", "/jobs/", boards.wp_job_manager, 32),
    Family("WP Job Manager, filters", "/jobs/", boards.wp_job_manager_filters, 32),
    Family("WP Job Manager, JSON", "/jm-ajax/get_listings/?per_page=10&page=1", boards.wp_job_manager_filters, 32),
    Family("Jobify", "/find-a-job/", boards.jobify, 34),
    Family("Simple Job Board", "/jobs/", boards.simple_job_board, 28),
    Family("Drupal view", "/jobs", partial(print_pages, "drupal_view"), 36),
    Family("Discuz! X", "/forum-2-1.html", partial(print_pages, "discuz"), 33),
    Family("phpBB 2", "/viewforum.php?f=2", partial(print_pages, "phpbb2"), 31),
    Family("phpBB 3", "/viewforum.php?f=2", partial(print_pages, "phpbb3"), 32),
    Family("vBulletin 3", "/forumdisplay.php?f=2", partial(print_pages, "vbulletin3"), 29),
    Family("vBulletin 4", "/forumdisplay.php?2-Vacancies", partial(print_pages, "vbulletin4"), 30),
    Family("vBulletin 5", "/forum/vacancies", partial(print_pages, "vbulletin5"), 31),
    Family("XenForo 1", "/forums/vacancies.2/", partial(print_pages, "xenforo1"), 32),
    Family("XenForo 2", "/forums/vacancies.2/", partial(print_pages, "xenforo2"), 33),
    Family("Discourse", "/c/vacancies/5", partial(print_pages, "discourse"), 38),
    Family("SMF", "/index.php?board=2.0", partial(print_pages, "smf"), 31),
    Family("MyBB", "/forumdisplay.php?fid=2", partial(print_pages, "mybb"), 32),
    Family("Flarum", "/t/vacancies", partial(print_pages, "flarum"), 39),
    Family("Osclass", "/search/category,jobs", partial(print_pages, "osclass"), 33),
    Family("OpenCart", "/index.php?route=product/category&path=20", partial(print_pages, "opencart"), 30),
    Family("Shopify theme", "/collections/all", partial(print_pages, "shopify"), 30),
    Family("Greenhouse", "/v1/boards/sample/jobs?content=true", apis.greenhouse, 30),
    Family("Lever", "/v0/postings/sample?mode=json&skip=0&limit=10", apis.lever, 30),
    Family("Workable", "/api/v1/widget/accounts/sample?details=true", apis.workable, 30),
    Family("SmartRecruiters", "/v1/companies/Sample/postings?limit=10", apis.smartrecruiters, 34),
    Family("cursor API", "/api/v2/jobs", apis.cursor, 35),
    Family("offset API", "/api/jobs", apis.offset, 35),
    Family("GraphQL", apis.GRAPHQL_START, apis.graphql, 35),
)
